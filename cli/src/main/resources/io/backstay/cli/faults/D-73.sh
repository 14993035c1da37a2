#!/usr/bin/env sh
# D-73: the source is frozen, and the survivor's lag is 0. Exit 0 means idle, 10 active.
status() { "$MYSQL" --no-defaults -u root -S "$SURVIVOR_SOCKET" -E -e 'SHOW SLAVE STATUS' | awk -v name="$1:" '$1 == name { print $2 }'; }
echo "lag $(status Seconds_Behind_Master)" >&2
[ "$(status Slave_IO_Running)" = Yes ] && [ "$(status Slave_SQL_Running)" = Yes ] && [ "$(status Seconds_Behind_Master)" = 0 ] && exit 0
exit 10
