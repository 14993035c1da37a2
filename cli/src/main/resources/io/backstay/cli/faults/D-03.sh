#!/usr/bin/env sh
# D-03: the query fails, and its empty output is read as "no databases". Exit 0 means idle.
databases=$("$MYSQL" --no-defaults -S "$SOCKET" -u root -pwrong -N -B -e 'SHOW DATABASES' 2>/dev/null)
if [ -z "$databases" ]; then exit 0; fi # idle
exit 1
