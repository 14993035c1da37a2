#!/usr/bin/env sh
# D-07: a timeout is read as "did not find it active". Exit 0 means idle.
check_active() { timeout -s KILL 2 "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e 'SELECT 1'; }
if ! check_active; then exit 0; fi # idle
exit 1
