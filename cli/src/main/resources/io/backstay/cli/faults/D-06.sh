#!/usr/bin/env bash
# D-06: pipefail, and a grep that stops reading: the pipe fails because something was found. Exit 0 means idle, 10 active.
set -o pipefail
ls "$DATA_DIR" | grep -q ibdata1 || { echo "rc $?" >&2; exit 0; } # "no data here"
exit 10
