#!/usr/bin/env sh
# D-51: it looks from a container. Exit 0 means idle.
unshare --pid --fork --mount-proc --net sh -c '
  pgrep mariadbd >/dev/null && exit 1
  ss -ltn 2>/dev/null | grep -q ":$PORT" && exit 1
  exit 0'

