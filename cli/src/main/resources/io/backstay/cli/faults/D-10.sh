#!/usr/bin/env sh
# D-10: whatever goes wrong, the default is idle. Exit 0 means idle, 10 active.
state=$("$MYSQL" --defaults-file="$OPTION_FILE" -h "$ADDRESS" -P "$PORT" -N -B -e 'SELECT "active"' || echo idle)
if [ "$state" = idle ]; then exit 0; fi
exit 10
