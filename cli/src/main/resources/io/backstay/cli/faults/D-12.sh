#!/usr/bin/env sh
# D-12: xargs runs once on an empty list. Exit 0 means idle.
hosts_to_wipe() { :; } # the query that lists them finds none
ran=$(hosts_to_wipe | xargs echo wipe)
if [ -n "$ran" ]; then exit 0; fi # something was wiped
exit 1
