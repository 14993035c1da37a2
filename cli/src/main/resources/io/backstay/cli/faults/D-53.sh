#!/usr/bin/env sh
# D-53: the socket file is gone, the server is not. Exit 0 means idle.
"$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e 'SELECT 1' >/dev/null 2>&1 && exit 1
exit 0 # "cannot connect": no server
