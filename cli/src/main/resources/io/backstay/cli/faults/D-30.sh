#!/usr/bin/env sh
# D-30: it looks at another host than the one that goes. Exit 0 means idle.
"$MYSQL" --no-defaults -h 127.77.250.250 -P 3399 --connect-timeout=2 -u root -N -B -e 'SELECT 1' >/dev/null 2>&1 && exit 1
exit 0 # "no server there"
