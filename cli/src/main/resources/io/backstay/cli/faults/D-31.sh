#!/usr/bin/env sh
# D-31: the name was looked at when it led elsewhere. Exit 0 means idle.
ls "$WORK/current-then" | grep -q ibdata1 && exit 1
exit 0 # and the wipe goes to $WORK/current, which leads to the data by now
