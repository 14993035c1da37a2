#!/usr/bin/env bash
# D-19: local time is compared with universal time. Exit 0 means idle, 10 active.
last=$(date -r "$DATA_DIR/ibdata1" '+%Y-%m-%d %H:%M')
limit=$(date -u -d '-4 hours' '+%Y-%m-%d %H:%M')
if [[ $last < $limit ]]; then exit 0; fi # "not written for four hours"
exit 10
