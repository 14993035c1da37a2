#!/usr/bin/env bash
# D-06: pipefail and a grep that stops reading: the pipe fails because something was found. Exit 0 means idle.
set -o pipefail
yes 'Binlog Dump' | head -n 200000 | grep -q 'Binlog Dump' || exit 0 # "no replica is attached": idle
exit 1
