#!/usr/bin/env sh
# D-16: no lag at all (NULL, no row) is read as no lag. Exit 0 means idle.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
lag=$(q 'SHOW SLAVE STATUS' | awk '{print $33}')
if [ "${lag:-0}" -eq 0 ]; then exit 0; fi # "a replica that is caught up may go"
exit 1
