#!/bin/bash
# Is there active data on this host?  Exit 0: idle, may be reinstalled.  Exit 1: active.
# Counts user tables. Whatever is not a clean "nobody listens there" stops the check as active.
set -eu

query="SELECT COUNT(*) FROM information_schema.tables
       WHERE table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')"

if ! answer=$("$MYSQL" --defaults-extra-file="$OPTION_FILE" --user="$MONITOR_USER" \
        --host="$ADDRESS" --port="$PORT" --batch --skip-column-names --execute="$query" 2>&1); then
    case $answer in
        *"ERROR 2002 "* | *"ERROR 2003 "*) echo "$HOST: no server, idle"; exit 0 ;;
        *) echo "$HOST: cannot tell: $answer"; exit 1 ;;
    esac
fi
if [ "$answer" -gt 0 ]; then
    echo "$HOST: $answer tables, active"
    exit 1
fi
echo "$HOST: no tables, idle"
exit 0
