#!/usr/bin/env sh
# D-13: no match is success: the loop body never ran. Exit 0 means idle.
bad=0
for file in "$DATA_DIR"/*.ibdata; do # the pattern matches nothing
  if [ -e "$file" ]; then bad=1; fi
done
exit "$bad" # 0: idle
