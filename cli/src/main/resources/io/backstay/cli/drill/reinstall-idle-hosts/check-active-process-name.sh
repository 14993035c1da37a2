#!/bin/bash
# Is there active data on this host?  Exit 0: idle, may be reinstalled.  Exit 1: active.
# Looks for a server process that works in this host's data directory.
set -eu

for pid in $(pgrep -x mysqld || true); do
    if [ "$(readlink "/proc/$pid/cwd")" = "$DATA_DIR" ]; then
        echo "$HOST: server $pid works in $DATA_DIR, active"
        exit 1
    fi
done
echo "$HOST: no server process, idle"
exit 0
