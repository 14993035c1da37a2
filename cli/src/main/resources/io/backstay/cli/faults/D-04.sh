#!/usr/bin/env sh
# D-04: the exit code of the query is lost in the pipe. Exit 0 means idle, 10 active.
count=$("$MYSQL" --defaults-file="$OPTION_FILE" -h "$ADDRESS" -P "$PORT" -N -B -e 'SHOW DATABASES' | wc -l)
if [ "$count" -eq 0 ]; then exit 0; fi
exit 10
