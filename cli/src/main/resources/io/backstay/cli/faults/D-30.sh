#!/usr/bin/env sh
# D-30: it looks at another host than the one that goes. Exit 0 means idle, 10 active.
sessions=$("$MYSQL" --defaults-file="$OPTION_FILE" -h "$ADDRESS" -P "$PORT" -N -B -e "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'app'")
if [ "$sessions" = 0 ]; then exit 0; fi
exit 10
