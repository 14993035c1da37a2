#!/usr/bin/env sh
# D-57: the files were deleted under the running server. Exit 0 means idle, 10 active.
if [ -z "$(find "$DATA_DIR" -type f)" ]; then exit 0; fi
exit 10
