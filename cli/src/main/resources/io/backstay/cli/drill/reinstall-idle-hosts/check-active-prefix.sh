#!/bin/bash
# Is there active data on this host?  Exit 0: idle, may be reinstalled.  Exit 1: active.
# A host that listens on nothing but ports known to be harmless serves nobody.
set -eu

# ssh, rpcbind, node exporter, and the X protocol (ten times the server's port), which nobody uses
harmless=" 22 111 9100 ${PORT}0 "

IFS=. read -r a b c d <<< "$ADDRESS"
own=$(printf '%02X%02X%02X%02X' "$d" "$c" "$b" "$a")

while read -r _ local _ state _; do
    [ "$state" = 0A ] && [ "${local%:*}" = "$own" ] || continue
    port=$((16#${local#*:}))
    if [[ "$harmless" != *" $port"* ]]; then
        echo "$HOST: listens on $port, active"
        exit 1
    fi
done < /proc/net/tcp
echo "$HOST: listens on nothing that counts, idle"
exit 0
