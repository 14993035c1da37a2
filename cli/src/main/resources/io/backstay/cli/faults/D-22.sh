#!/usr/bin/env sh
# D-22: the check runs in the background, and nobody waits for its answer. Exit 0 means idle, 10 active.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
check() { ! q 'SELECT 1' >/dev/null; }
#mended: check
check & #mistake
if [ "$?" -eq 0 ]; then exit 0; fi
exit 10
