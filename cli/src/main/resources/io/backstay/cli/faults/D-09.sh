#!/usr/bin/env sh
# D-09: continue leaves the inner loop only, after the warning. Exit 0 means idle.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
for host in this; do
  for database in $(q 'SHOW DATABASES'); do
    if [ "$database" = mysql ]; then
      echo "very dangerous: $host has data" >&2
      continue # meant: the next host
    fi
  done
  exit 0 # reinstall it
done
exit 1
