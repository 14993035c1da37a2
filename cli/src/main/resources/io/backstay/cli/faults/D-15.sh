#!/usr/bin/env sh
# D-15: a host that the list does not know is safe. Exit 0 means idle, 10 active.
if grep -q "^$NAME active" "$WORK/list"; then exit 10; fi
exit 0
