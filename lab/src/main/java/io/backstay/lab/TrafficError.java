package io.backstay.lab;

import java.time.Instant;

/// One error that an application session met.
///
/// @param during what it was doing: `connect`, `transaction`, `commit`, `last_gtid`
/// @param sqlState empty if there is none
public record TrafficError(
        Instant at, int session, String during, String sqlState, int errorNumber, String text) {}
