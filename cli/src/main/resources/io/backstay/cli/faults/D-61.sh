#!/usr/bin/env sh
# D-61: the tool that looks is not installed. Exit 0 means idle.
PATH=/nonexistent
if ! pgrep mariadbd 2>/dev/null; then exit 0; fi
exit 1
