#!/usr/bin/env sh
# D-01: the test is inverted. Exit 0 means idle, 10 active.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
#mended: if ! q 'SELECT 1' >/dev/null; then
if q 'SELECT 1' >/dev/null; then #mistake
  exit 0
fi
exit 10
