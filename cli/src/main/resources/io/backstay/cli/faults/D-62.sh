#!/usr/bin/env sh
# D-62: the monitoring died, its last word stands. Exit 0 means idle.
tail -n 1 "$WORK/monitor" | grep -q 'sessions=0' # no date in it
