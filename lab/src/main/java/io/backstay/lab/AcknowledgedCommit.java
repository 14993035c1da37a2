package io.backstay.lab;

import java.time.Instant;

/// One write that a server said is committed.
///
/// @param id key of its row in `shop.journal`
/// @param gtid `@@last_gtid` of the session right after; empty if the connection was lost between
///   the acknowledgement and that question
public record AcknowledgedCommit(long id, String gtid, Instant at) {}
