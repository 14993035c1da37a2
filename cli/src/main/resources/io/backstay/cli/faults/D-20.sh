#!/usr/bin/env sh
# D-20: the dry run that was reviewed does not look. Exit 0 means idle, 10 active.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
if [ -n "$DRY_RUN" ]; then echo "would wipe $DATA_DIR"; exit 0; fi
q 'SELECT 1' >/dev/null && exit 10
exit 0
