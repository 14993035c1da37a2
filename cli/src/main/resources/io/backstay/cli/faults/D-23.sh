#!/usr/bin/env sh
# D-23: an option that nobody knows is skipped in silence. Exit 0 means idle.
set -- --dry-runn --target "$DATA_DIR"
for word in "$@"; do
  case $word in --dry-run) exit 1 ;; *) ;; esac
done
exit 0 # goes on for real
