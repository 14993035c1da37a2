#!/usr/bin/env sh
# D-08: the client never gives up: the job hangs until somebody kills it and skips the check. Exit 0 means idle, 10 active.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
q 'SELECT 1' && exit 10
exit 0
