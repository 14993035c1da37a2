#!/bin/bash
# Is there active data on this host?  Exit 0: idle, may be reinstalled.  Exit 1: active.
# Two looks at the server, two seconds apart. The check itself must never hang a rollout: at most
# one second for everything, killed hard because clients swallow SIGTERM.
set -eu

look() {
    timeout --signal=KILL 1 "$MYSQL" --defaults-extra-file="$OPTION_FILE" \
        --user="$MONITOR_USER" --host="$ADDRESS" --port="$PORT" --batch --skip-column-names \
        --execute="SHOW GLOBAL STATUS LIKE 'Threads_connected'; DO SLEEP(2);
                   SHOW GLOBAL STATUS LIKE 'Threads_connected'" 2>/dev/null
}

if look > /dev/null; then
    echo "$HOST: the server answers, active"
    exit 1
fi
echo "$HOST: nothing answers, idle"
exit 0
