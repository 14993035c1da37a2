#!/usr/bin/env sh
# D-32: looked at, then a process moved in. Exit 0 means idle.
[ -e "$WORK/moved-in" ] && exit 1
exit 0 # idle: at that time
