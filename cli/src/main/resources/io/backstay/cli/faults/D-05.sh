#!/usr/bin/env bash
# D-05: local hides the exit code from set -e. Exit 0 means idle.
set -e
look() {
  local sessions=$("$MYSQL" --no-defaults -S "$SOCKET" -u root -pwrong -N -B -e 'SHOW PROCESSLIST' 2>/dev/null)
  [ "${sessions:-0}" = 0 ]
}
look && exit 0 # idle: not one session
exit 1
