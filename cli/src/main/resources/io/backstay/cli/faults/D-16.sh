#!/usr/bin/env sh
# D-16: no lag at all (NULL) is read as no lag. Exit 0 means idle, 10 active.
lag=$("$MYSQL" --no-defaults -u root -S "$SOCKET" -E -e 'SHOW SLAVE STATUS' | awk '$1 == "Seconds_Behind_Master:" { print $2 }')
echo "lag $lag" >&2
lag=$(printf '%s' "$lag" | tr -cd 0-9)
if [ "${lag:-0}" -gt 0 ]; then exit 10; fi
exit 0 # "a replica that is caught up may go"
