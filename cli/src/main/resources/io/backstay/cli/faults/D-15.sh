#!/usr/bin/env sh
# D-15: a host that the list does not know is safe. Exit 0 means idle.
printf 'db7 active\ndb9 active\n' >"$WORK/list"
if ! grep -q "^db-renamed-last-week active" "$WORK/list"; then exit 0; fi # idle
exit 1
