#!/bin/bash
# Is there active data on this host?  Exit 0: idle, may be reinstalled.  Exit 1: active.
# A host is active if it follows a source, or if anybody but this check is connected.
set -eu

ask() {
    "$MYSQL" --defaults-extra-file="$OPTION_FILE" --user="$MONITOR_USER" \
        --host="$ADDRESS" --port="$PORT" --batch --skip-column-names --execute="$1" 2>/dev/null
}

sources=$(ask "SELECT COUNT(*) FROM performance_schema.replication_connection_status" || echo 0)
clients=$(ask "SELECT COUNT(*) FROM performance_schema.threads
               WHERE type = 'FOREGROUND' AND processlist_id <> CONNECTION_ID()" || echo 0)

if [ "$sources" -gt 0 ] || [ "$clients" -gt 0 ]; then
    echo "$HOST: $sources sources, $clients clients, active"
    exit 1
fi
echo "$HOST: no sources, no clients, idle"
exit 0
