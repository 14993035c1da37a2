package io.backstay.recovery.fold;

import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which transactions the base has, which were read, and whether the log is in order.
///
/// In order: within a domain every sequence number is higher than all before it, or it is a
/// repetition of one that was read.
final class GtidProgress {
    private final MariaDbGtidState after;
    private final Map<Long, Long> highestByDomain = new LinkedHashMap<>();
    private final Map<Source, Long> readBySource = new LinkedHashMap<>();
    private final Map<Source, Long> foldedBySource = new LinkedHashMap<>();

    private record Source(long domain, long server) {}

    /// What to do with a transaction.
    enum Verdict {
        FOLD,
        /// The base, or an earlier stretch, has it.
        PASS_OVER,
        /// Behind a higher number of its domain: whether the base has it cannot be told.
        OUT_OF_ORDER
    }

    GtidProgress(MariaDbGtidState after) {
        this.after = after;
    }

    /// At a transaction's begin; it counts only once [#read] was called.
    Verdict verdict(MariaDbGtid gtid) {
        Long read = readBySource.get(sourceOf(gtid));
        if (read != null && Long.compareUnsigned(gtid.sequenceNumber(), read) <= 0) {
            return Verdict.PASS_OVER;
        }
        Long highest = highestByDomain.get(gtid.domainId());
        if (highest != null && Long.compareUnsigned(gtid.sequenceNumber(), highest) <= 0) {
            return Verdict.OUT_OF_ORDER;
        }
        return after.reaches(gtid) ? Verdict.PASS_OVER : Verdict.FOLD;
    }

    /// At a transaction's end.
    void read(MariaDbGtid gtid, boolean isFolded) {
        readBySource.merge(sourceOf(gtid), gtid.sequenceNumber(), GtidProgress::higher);
        highestByDomain.merge(gtid.domainId(), gtid.sequenceNumber(), GtidProgress::higher);
        if (isFolded) {
            foldedBySource.put(sourceOf(gtid), gtid.sequenceNumber());
        }
    }

    /// All that a stored fold stands for.
    void readStored(MariaDbGtidState folded) {
        folded.gtids().forEach(gtid -> read(gtid, true));
    }

    /// Whether the transaction is in the base or was read.
    boolean has(MariaDbGtid gtid) {
        Long highest = highestByDomain.get(gtid.domainId());
        return after.reaches(gtid)
                || (highest != null && Long.compareUnsigned(highest, gtid.sequenceNumber()) >= 0);
    }

    MariaDbGtidState folded() {
        return MariaDbGtidState.of(
                foldedBySource.entrySet().stream()
                        .map(
                                e ->
                                        new MariaDbGtid(
                                                e.getKey().domain(),
                                                e.getKey().server(),
                                                e.getValue()))
                        .toList());
    }

    private static Source sourceOf(MariaDbGtid gtid) {
        return new Source(gtid.domainId(), gtid.serverId());
    }

    private static Long higher(Long a, Long b) {
        return Long.compareUnsigned(a, b) >= 0 ? a : b;
    }
}
