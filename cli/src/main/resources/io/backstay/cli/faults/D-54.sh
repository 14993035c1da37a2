#!/usr/bin/env sh
# D-54: a server that hangs does not answer. Exit 0 means idle, 10 active.
timeout -s KILL 3 "$MYSQL" --defaults-file="$OPTION_FILE" -h "$ADDRESS" -P "$PORT" --connect-timeout=1 -N -B -e 'SELECT 1' >/dev/null && exit 10
exit 0 # "down"
