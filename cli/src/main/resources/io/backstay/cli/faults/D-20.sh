#!/usr/bin/env sh
# D-20: the dry run does not look. Exit 0 means idle.
DRY_RUN=1
if [ -n "$DRY_RUN" ]; then echo "would wipe $DATA_DIR"; exit 0; fi
exit 1
