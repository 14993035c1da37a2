#!/usr/bin/env sh
# D-21: it asks until the answer is the wanted one. Exit 0 means idle, 10 active.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
for attempt in 1 2 3 4 5; do
  if [ -z "$(q 'SELECT "active"')" ]; then echo "at attempt $attempt" >&2; exit 0; fi
done
exit 10
