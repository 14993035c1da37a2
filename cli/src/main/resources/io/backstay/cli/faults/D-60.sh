#!/usr/bin/env sh
# D-60: the disk is full: the look leaves an empty file, and empty means nothing found. Exit 0 means idle, 10 active.
ls "$DATA_DIR" >"$STATE/found"
if [ ! -s "$STATE/found" ]; then exit 0; fi
exit 10
