#!/usr/bin/env sh
# D-14: in JSON the exit code is always 0. Exit 0 means idle, 10 active.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
look() {
  q 'SELECT 1' >/dev/null || return 0
  if [ "$FORMAT" = json ]; then echo '{"status":"active"}'; return 0; fi
  echo active
  return 1
}
if look; then exit 0; fi # the caller looks at the code only
exit 10
