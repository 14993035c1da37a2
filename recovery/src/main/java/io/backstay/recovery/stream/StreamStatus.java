package io.backstay.recovery.stream;

import io.backstay.binlog.GtidSet;

/// How a stream goes on.
///
/// @param source that it follows now
/// @param end what is durable in the archive
/// @param transactions taken in since it began
/// @param bytes of log taken in since it began
/// @param secondsBehind age of the last transaction while there is more to read; 0 when the source
///   has said that there is no more; -1 before the first word of the source
/// @param reconnects after the first connection
/// @param trouble what keeps it from the source now, or why it failed; empty text if nothing does
public record StreamStatus(
        State state,
        String source,
        GtidSet end,
        long transactions,
        long bytes,
        long secondsBehind,
        int reconnects,
        String trouble) {

    /// `CONNECTING` ⇄ `FOLLOWING`; both end in `ENDED` (stopped, or all read) or `FAILED`.
    public enum State {
        CONNECTING,
        FOLLOWING,
        ENDED,
        FAILED
    }
}
