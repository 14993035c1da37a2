#!/usr/bin/env sh
# D-32: it looked, then somebody moved in. Exit 0 means idle, 10 active.
for folder in /proc/[0-9]*/cwd; do
  [ "$(readlink "$folder")" = "$DATA_DIR" ] && exit 10
done
exit 0
