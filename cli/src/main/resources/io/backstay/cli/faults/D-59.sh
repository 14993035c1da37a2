#!/usr/bin/env sh
# D-59: only the first page of the list is read. Exit 0 means idle, 10 active.
find "$DATA_DIR" -type f | LC_ALL=C sort | head -n 1000 | grep -q /ibdata1 && exit 10
exit 0
