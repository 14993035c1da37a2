#!/usr/bin/env sh
# D-01: the test is inverted: it should be "a server that answers is active". Exit 0 means idle.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
if q 'SELECT 1' >/dev/null; then
  exit 0 # idle
fi
exit 1 # active
