#!/usr/bin/env sh
# D-34: it looked while the host was a replica; the failover came after. Exit 0 means idle, 10 active.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
[ "$(q 'SELECT @@read_only')" = 1 ] && exit 0 # "a replica may go"
exit 10
