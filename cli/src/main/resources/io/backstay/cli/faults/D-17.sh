#!/usr/bin/env sh
# D-17: db1 also matches db10. Exit 0 means idle, 10 active.
if grep -q "^db1.* idle" "$WORK/list"; then exit 0; fi
exit 10
