#!/usr/bin/env sh
# D-70: positions are compared, and a position is not a set. Exit 0 means idle, 10 active.
position() { "$MYSQL" --no-defaults -u root -S "$1" -N -B -e 'SELECT @@gtid_binlog_pos'; }
here=$(position "$SOCKET")
there=$(position "$SOURCE_SOCKET")
echo "here $here, there $there" >&2
if [ -n "$here" ] && [ "$here" = "$there" ]; then exit 0; fi
exit 10
