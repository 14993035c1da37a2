#!/usr/bin/env sh
# D-23: an option that nobody knows is skipped in silence. Exit 0 means idle, 10 active.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
looks=no
for word in $OPTIONS; do
  case $word in --check) looks=yes ;; *) ;; esac
done
if [ "$looks" = yes ] && q 'SELECT 1' >/dev/null; then exit 10; fi
exit 0
