#!/usr/bin/env sh
# D-71: no GTIDs: nothing that only this host has. Exit 0 means idle, 10 active.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
gtids=$(q 'SELECT @@gtid_binlog_pos')
if [ -z "$gtids" ]; then exit 0; fi
exit 10
