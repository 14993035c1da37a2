#!/usr/bin/env sh
# D-04: the exit code of the query is lost in the pipe. Exit 0 means idle.
count=$("$MYSQL" --no-defaults -S "$SOCKET" -u root -pwrong -N -B -e 'SHOW DATABASES' 2>/dev/null | wc -l)
if [ "$count" -eq 0 ]; then exit 0; fi # idle
exit 1
