#!/usr/bin/env sh
# D-03: the query fails, and its empty output is read as no databases. Exit 0 means idle, 10 active.
databases=$("$MYSQL" --defaults-file="$OPTION_FILE" -h "$ADDRESS" -P "$PORT" -N -B -e 'SHOW DATABASES')
if [ -z "$databases" ]; then exit 0; fi
exit 10
