#!/usr/bin/env sh
# D-54: a server that hangs does not answer. Exit 0 means idle.
timeout -s KILL 2 "$MYSQL" --defaults-file="$OPTION_FILE" -h "$ADDRESS" -P "$PORT" -N -B -e 'SELECT 1' >/dev/null 2>&1 && exit 1
exit 0 # "down"
