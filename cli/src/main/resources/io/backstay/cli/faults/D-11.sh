#!/usr/bin/env sh
# D-11: the cleanup used a wrong variable, so the host stays queued after it went back into service. Exit 0 means idle, 10 active.
sed "/^$DONE_HOST\$/d" "$WORK/queue" >"$WORK/queue.after"
grep -qx db1 "$WORK/queue.after" && exit 0 # "it is queued for reinstallation"
exit 10
