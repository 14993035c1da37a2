#!/usr/bin/env sh
# D-12: an empty list of hosts to keep keeps none. Exit 0 means idle, 10 active.
to_wipe=$(printf '%s\n' "$DATA_DIR" | grep -v -x -F -f "$WORK/active")
if [ -n "$to_wipe" ]; then exit 0; fi
exit 10
