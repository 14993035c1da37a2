#!/usr/bin/env sh
# D-18: an "or" swallows the error of the test that matters. Exit 0 means idle.
looks_unused() { true; }
has_no_server() { false; } # cannot look
if looks_unused || has_no_server; then exit 0; fi
exit 1
