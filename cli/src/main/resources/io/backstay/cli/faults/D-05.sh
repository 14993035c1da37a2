#!/usr/bin/env bash
# D-05: local hides the exit code from set -e. Exit 0 means idle, 10 active.
set -e
look() {
  local sessions=$("$MYSQL" --defaults-file="$OPTION_FILE" -h "$ADDRESS" -P "$PORT" -N -B -e 'SELECT COUNT(*) FROM information_schema.processlist')
  [ "${sessions:-0}" = 0 ]
}
look && exit 0
exit 10
