#!/usr/bin/env sh
# D-33: the answer of an earlier look is used again. Exit 0 means idle, 10 active.
look() {
  for folder in /proc/[0-9]*/cwd; do
    [ "$(readlink "$folder")" = "$DATA_DIR" ] && { echo active; return; }
  done
  echo idle
}
[ -e "$WORK/cached-verdict" ] || look >"$WORK/cached-verdict"
grep -q '^idle' "$WORK/cached-verdict" && exit 0
exit 10
