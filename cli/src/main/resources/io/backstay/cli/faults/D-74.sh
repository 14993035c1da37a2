#!/usr/bin/env sh
# D-74: received is taken for applied: the survivor is delayed. Exit 0 means idle, 10 active.
received=$("$MYSQL" --no-defaults -u root -S "$SURVIVOR_SOCKET" -E -e 'SHOW SLAVE STATUS' | awk '$1 == "Gtid_IO_Pos:" { print $2 }')
written=$("$MYSQL" --no-defaults -u root -S "$SOURCE_SOCKET" -N -B -e 'SELECT @@gtid_binlog_pos')
echo "received $received, written $written" >&2
if [ -n "$written" ] && [ "$received" = "$written" ]; then exit 0; fi
exit 10
