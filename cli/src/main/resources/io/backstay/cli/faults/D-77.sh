#!/usr/bin/env sh
# D-77: the server crashed with a prepared transaction: no process, so nothing. Exit 0 means idle, 10 active.
pgrep -f -- "--datadir=$DATA_DIR" >/dev/null && exit 10
exit 0
