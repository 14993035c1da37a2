#!/usr/bin/env sh
# D-33: the answer of an earlier look is used again. Exit 0 means idle.
cat "$WORK/cached-verdict" # idle, two days old
grep -q '^idle' "$WORK/cached-verdict"
