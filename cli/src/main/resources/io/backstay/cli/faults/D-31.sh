#!/usr/bin/env sh
# D-31: the name led elsewhere when it was looked at. Exit 0 means idle, 10 active.
ls "$WORK/current/" | grep -q ibdata1 && exit 10
exit 0
