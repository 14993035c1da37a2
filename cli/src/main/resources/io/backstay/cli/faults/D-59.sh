#!/usr/bin/env sh
# D-59: only the first page of the list is read. Exit 0 means idle.
find "$DATA_DIR" -type f | sort | head -n 1000 | grep -q ibdata1 && exit 1
exit 0
