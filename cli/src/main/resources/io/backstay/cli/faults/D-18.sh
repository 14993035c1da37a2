#!/usr/bin/env sh
# D-18: an or swallows the answer of the test that matters. Exit 0 means idle, 10 active.
q() { "$MYSQL" --no-defaults -u root -S "$SOCKET" -N -B -e "$1"; }
has_no_files() { [ -z "$(ls -A "$DATA_DIR")" ]; }
has_no_server() { ! q 'SELECT 1' >/dev/null; }
if has_no_files || has_no_server; then exit 0; fi
exit 10
