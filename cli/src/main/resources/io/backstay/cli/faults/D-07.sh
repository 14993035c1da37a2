#!/usr/bin/env sh
# D-07: a timeout is read as not found active. Exit 0 means idle, 10 active.
check_active() { timeout -s KILL 2 "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e 'SELECT 1'; }
check_active
rc=$?
echo "rc $rc" >&2
if [ "$rc" -ne 0 ]; then exit 0; fi
exit 10
