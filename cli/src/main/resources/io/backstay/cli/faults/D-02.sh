#!/usr/bin/env sh
# D-02: an empty variable without quotes: [ -n ] is true. Exit 0 means idle, 10 active.
ROLE=$(awk -v host=db1 '$1 == host { print $2 }' "$WORK/inventory")
if [ -n $ROLE ] && [ "$ROLE" != source ]; then
  exit 0 # "it has a role, and that is not source"
fi
exit 10
