#!/bin/bash
# Is there active data on this host?  Exit 0: idle, may be reinstalled.  Exit 1: active.
# Looks for the files that every data directory has; needs no running server and no login.

for file in ibdata1 aria_log_control mysql/global_priv.frm; do
    if [ -e "$DATADIR/$file" ]; then
        echo "$HOST: $file exists, active"
        exit 1
    fi
done

if [ -n "$(find "$DATADIR"/*/ -maxdepth 1 -name '*.ibd' 2>/dev/null | head -n 1)" ]; then
    echo "$HOST: there are tables, active"
    exit 1
fi
echo "$HOST: no data directory, idle"
exit 0
