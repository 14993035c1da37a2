#!/usr/bin/env sh
# D-51: it looks from a container. Exit 0 means idle, 10 active.
export DATA_DIR ADDRESS PORT
$FROM sh -c '
  pgrep -f -- "--datadir=$DATA_DIR" >/dev/null && exit 10
  ss -ltn | grep -q "$ADDRESS:$PORT" && exit 10
  exit 0'
