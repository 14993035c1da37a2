#!/usr/bin/env sh
# D-13: no match is success: the loop body never ran. Exit 0 means idle, 10 active.
bad=0
for file in "$RUN_DIR"/*.pid; do
  if [ -e "$file" ] && kill -0 "$(cat "$file")"; then bad=10; fi
done
exit "$bad"
