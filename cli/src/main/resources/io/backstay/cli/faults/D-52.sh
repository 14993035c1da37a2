#!/usr/bin/env sh
# D-52: the process has another name. Exit 0 means idle, 10 active.
for pid in $(pgrep -x mariadbd); do
  tr '\0' '\n' <"/proc/$pid/cmdline" | grep -q -x -F -e "--datadir=$DATA_DIR" && exit 10
done
exit 0
