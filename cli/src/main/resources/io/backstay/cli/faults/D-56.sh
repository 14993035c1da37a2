#!/usr/bin/env sh
# D-56: another file system lies over the data. Exit 0 means idle, 10 active.
if [ -z "$(ls -A "$DATA_DIR")" ]; then exit 0; fi
exit 10
