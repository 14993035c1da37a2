#!/usr/bin/env sh
# D-58: an account without rights sees no tables. Exit 0 means idle, 10 active.
tables=$("$MYSQL" --no-defaults -S "$SOCKET" -u "$ACCOUNT" -N -B -e "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'shop'")
if [ "$tables" = 0 ]; then exit 0; fi
exit 10
