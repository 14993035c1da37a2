package io.backstay.recovery.fold;

import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.MySqlGtidSet;

/// What a stretch of bytes stands for that [FoldWriter] wrote in place of a stretch of log.
///
/// Folding is associative: the fold of what a log amounts to, followed by more log, is the fold of
/// both logs. A row that came and went within the stretch is in neither; whether the log
/// contradicts itself about such a row is told when the stretch is folded, not afterwards.
///
/// @param folded its transactions: last GTID of every domain and server, of MySQL all; never empty
/// @param transactions folded
/// @param passedOver transactions that the base, or an earlier stretch, had already
/// @param rowEvents folded
/// @param rows changed by them, counted once for each change
/// @param lastSeconds time of the last folded transaction, Unix time
public record StoredFold(
        GtidSet folded,
        long transactions,
        long passedOver,
        long rowEvents,
        long rows,
        long lastSeconds) {

    public StoredFold {
        if (folded.isEmpty()) {
            throw new IllegalArgumentException("a stored fold of no transaction");
        }
    }

    /// A transaction to name it by.
    Gtid one() {
        return switch (folded) {
            case MariaDbGtidState state -> state.gtids().getLast();
            case MySqlGtidSet set -> set.findFirst().orElseThrow();
        };
    }

    /// What a fold of a stretch of log is to be remembered by.
    public static StoredFold of(FoldSummary summary) {
        return new StoredFold(
                summary.folded(),
                summary.transactions(),
                summary.passedOver(),
                summary.rowEvents(),
                summary.rows(),
                summary.lastSeconds());
    }
}
