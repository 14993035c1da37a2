package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;

/// The option `--threads`.
final class Threads {
    private Threads() {}

    static void require(int threads) {
        if (threads < 1 || threads > 256) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--threads: expected 1 to 256, found " + threads,
                    "write `--threads 2`.");
        }
    }
}
