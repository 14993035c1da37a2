#!/bin/bash
# Reinstalls a host: empties its folder and lays down a fresh system.  reinstall.sh FOLDER
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: reinstall.sh FOLDER" >&2; exit 2; }
target=$1
case $target in
    /*/*) ;;
    *) echo "reinstall.sh: not a full path: $target" >&2; exit 2 ;;
esac
[ -d "$target" ] && [ ! -L "$target" ] || { echo "reinstall.sh: not a folder: $target" >&2; exit 2; }

find "$target" -xdev -mindepth 1 -delete
printf 'fresh system, laid down %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" > "$target/fresh-install"
