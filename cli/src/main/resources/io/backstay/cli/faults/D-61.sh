#!/usr/bin/env sh
# D-61: the tool that looks is not installed. Exit 0 means idle, 10 active.
PATH=$SEARCH
if ! pgrep -f -- "--datadir=$DATA_DIR" >/dev/null; then exit 0; fi
exit 10
