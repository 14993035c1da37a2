#!/usr/bin/env sh
# D-50: what may not be read is read as nothing. Exit 0 means idle, 10 active.
files=$($AS ls "$DATA_DIR" | wc -l)
if [ "$files" -eq 0 ]; then exit 0; fi
exit 10
