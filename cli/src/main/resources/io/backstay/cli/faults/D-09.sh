#!/usr/bin/env sh
# D-09: continue leaves the inner loop only, after the warning. Exit 0 means idle, 10 active.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
for host in this; do
  for database in $(q 'SHOW DATABASES'); do
    if [ "$database" = mysql ]; then
      echo "very dangerous: $host has data" >&2
#mended:       continue 2
      continue #mistake
    fi
  done
  exit 0 # reinstall it
done
exit 10
