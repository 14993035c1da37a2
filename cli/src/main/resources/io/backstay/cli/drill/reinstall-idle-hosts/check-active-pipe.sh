#!/bin/bash
# Is there active data on this host?  Exit 0: idle, may be reinstalled.  Exit 1: active.
# Counts the user tables of the server on ADDRESS:PORT.
set -eu

query="SELECT table_schema, table_name FROM information_schema.tables
       WHERE table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')"

tables=$("$MYSQL" --defaults-extra-file="$OPTION_FILE" --ssl-mode=PREFERRED \
    --user="$MONITOR_USER" --host="$ADDRESS" --port="$PORT" \
    --batch --skip-column-names --execute="$query" 2>/dev/null | wc -l)

if [ "$tables" -gt 0 ]; then
    echo "$HOST: $tables tables, active"
    exit 1
fi
echo "$HOST: no tables, idle"
exit 0
