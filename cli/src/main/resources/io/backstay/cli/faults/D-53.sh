#!/usr/bin/env sh
# D-53: the socket file is gone, the server is not. Exit 0 means idle, 10 active.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
q 'SELECT 1' >/dev/null && exit 10
exit 0 # "cannot connect": no server
