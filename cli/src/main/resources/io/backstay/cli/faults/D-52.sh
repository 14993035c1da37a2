#!/usr/bin/env sh
# D-52: the process has another name. Exit 0 means idle.
pgrep -x mysqld >/dev/null && exit 1
exit 0
