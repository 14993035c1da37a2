#!/usr/bin/env sh
# D-02: an empty variable without quotes: [ -n ] is true. Exit 0 means idle.
ROLE=
if [ -n $ROLE ]; then
  exit 0 # "it has a role, and it is not source": idle
fi
exit 1
