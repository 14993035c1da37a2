#!/usr/bin/env sh
# D-50: what may not be read is read as nothing. Exit 0 means idle.
files=$(setpriv --reuid 65534 --regid 65534 --clear-groups ls "$DATA_DIR" 2>/dev/null | wc -l)
if [ "$files" -eq 0 ]; then exit 0; fi
exit 1
