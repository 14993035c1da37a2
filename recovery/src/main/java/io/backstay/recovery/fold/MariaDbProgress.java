package io.backstay.recovery.fold;

import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// That of a log of MariaDB. In order: within a domain every sequence number is higher than all
/// before it, or it is a repetition of one that was read.
final class MariaDbProgress implements GtidProgress {
    private final MariaDbGtidState after;
    private final Map<Long, Long> highestByDomain = new LinkedHashMap<>();
    private final Map<Source, Long> readBySource = new LinkedHashMap<>();
    private final Map<Source, Long> foldedBySource = new LinkedHashMap<>();

    private record Source(long domain, long server) {}

    MariaDbProgress(MariaDbGtidState after) {
        this.after = after;
    }

    @Override
    public Verdict verdict(Gtid named) {
        if (!(named instanceof MariaDbGtid gtid)) {
            return Verdict.OUT_OF_ORDER;
        }
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

    @Override
    public void read(Gtid named, boolean isFolded) {
        MariaDbGtid gtid = (MariaDbGtid) named; // by its verdict
        readBySource.merge(sourceOf(gtid), gtid.sequenceNumber(), MariaDbProgress::higher);
        highestByDomain.merge(gtid.domainId(), gtid.sequenceNumber(), MariaDbProgress::higher);
        if (isFolded) {
            foldedBySource.put(sourceOf(gtid), gtid.sequenceNumber());
        }
    }

    @Override
    public void readBefore(GtidSet before) {
        if (before instanceof MariaDbGtidState state) {
            state.gtids().forEach(gtid -> read(gtid, false));
        }
    }

    @Override
    public void readStored(GtidSet folded) {
        if (folded instanceof MariaDbGtidState state) {
            state.gtids().forEach(gtid -> read(gtid, true));
        }
    }

    @Override
    public Optional<Gtid> findMissing(GtidSet set) {
        return set instanceof MariaDbGtidState state
                ? state.gtids().stream()
                        .filter(gtid -> !has(gtid))
                        .map(Gtid.class::cast)
                        .findFirst()
                : Optional.empty();
    }

    private boolean has(MariaDbGtid gtid) {
        Long highest = highestByDomain.get(gtid.domainId());
        return after.reaches(gtid)
                || (highest != null && Long.compareUnsigned(highest, gtid.sequenceNumber()) >= 0);
    }

    @Override
    public MariaDbGtidState end() {
        return after.union(folded());
    }

    @Override
    public MariaDbGtidState folded() {
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
