package io.backstay.recovery.proof;

import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventHeader;
import io.backstay.binlog.EventType;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.MySqlGtid;
import io.backstay.binlog.MySqlGtidSet;
import io.backstay.binlog.PreviousGtidsEvent;
import io.backstay.binlog.TransactionBegin;
import io.backstay.recovery.archive.FoldEntry;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.ReadPages;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whether the segments behind a base hold the log from there on without a hole.
///
/// - Each segment's GTIDs begin where the one before it ended.
/// - Within a segment every event begins where the one before it ended, by the source's own
///   positions; only between two transactions may known ones have been left out, and then the
///   numbers on both sides follow each other.
/// - A number that is missing while positions go on was never given: the source left it out.
/// - Of MySQL, what a file says came before it is known by then, and what a segment's entry says it
///   ends with was in it.
///
/// A repeated transaction is no hole: the fold passes over it. Second to the fold's own checks
/// (each file's GTID list, growing numbers), with other means.
public final class LogCoverage {
    private static final long POSITIONS = 1L << 32;
    private static final long UNKNOWN = -1;

    private final Map<Long, Long> lastByDomain = new HashMap<>();
    private final List<String> holes = new ArrayList<>();
    private final List<Stretch> stretches = new ArrayList<>();
    private MySqlGtidSet known = MySqlGtidSet.EMPTY;
    private long transactions;
    private long repeated;
    private long unusedNumbers;

    private String place = "";
    private long end = UNKNOWN;
    private boolean isAtFileStart;

    private final ReadPages pages;

    private LogCoverage(GtidSet base, ReadPages pages) {
        this.pages = pages;
        switch (base) {
            case MariaDbGtidState state -> state.position().values().forEach(this::put);
            case MySqlGtidSet set -> known = set;
        }
    }

    /// @param from GTID position of the base
    /// @param to GTID position of the last segment's end
    /// @param repeated transactions that the base or an earlier stretch had already
    /// @param unusedNumbers sequence numbers that the source never gave
    /// @param holes what is missing, by place; empty if nothing is
    public record Coverage(
            String from,
            String to,
            long transactions,
            long repeated,
            long unusedNumbers,
            List<Stretch> stretches,
            List<String> holes) {}

    /// @param sha256 of the segment's part
    /// @param joined how it is shown to follow the one before: by `position` in the same file, else
    ///   by `gtid` alone; or `fold PART sha256 DIGEST` if it was not read, since that fold stands
    ///   for it: then it was shown when that was made
    public record Stretch(
            String part,
            String sha256,
            long serverId,
            String file,
            long firstPosition,
            long lastPosition,
            String fromGtid,
            String toGtid,
            String joined) {}

    /// @param folds that stand for the first segments; they were looked at when those were made
    /// @param bytes of the other segments, in their order; the fold looks at their checksums
    /// @param pages of those bytes
    public static Coverage of(
            GtidSet base,
            List<SegmentEntry> segments,
            List<FoldEntry> folds,
            List<MemorySegment> bytes,
            ReadPages pages) {
        var coverage = new LogCoverage(base, pages);
        String before = "";
        List<FoldEntry> foldOfSegment =
                folds.stream().flatMap(fold -> fold.segments().stream().map(_ -> fold)).toList();
        int folded = foldOfSegment.size();
        folds.forEach(coverage::count);
        for (int i = 0; i < segments.size(); i++) {
            SegmentEntry segment = segments.get(i);
            if (i > 0 && !segment.fromGtid().equals(before)) {
                coverage.holes.add(
                        "%s begins behind %s, the segment before it ends at %s"
                                .formatted(segment.part().path(), segment.fromGtid(), before));
            }
            before = segment.toGtid();
            if (i < folded) {
                coverage.passOver(segment, foldOfSegment.get(i));
            } else {
                coverage.read(segment, bytes.get(i - folded));
            }
        }
        String from =
                base instanceof MariaDbGtidState state
                        ? state.positionState().toString()
                        : base.toString();
        return new Coverage(
                from,
                before.isEmpty() ? from : before,
                coverage.transactions,
                coverage.repeated,
                coverage.unusedNumbers,
                List.copyOf(coverage.stretches),
                List.copyOf(coverage.holes));
    }

    private void count(FoldEntry fold) {
        transactions += fold.transactions();
        repeated += fold.repeated();
        unusedNumbers += fold.unusedNumbers();
    }

    /// As its entry has it.
    private void passOver(SegmentEntry segment, FoldEntry fold) {
        enter(segment, "fold %s sha256 %s".formatted(fold.part().path(), fold.part().sha256()));
        switch (GtidSet.parse(segment.toGtid())) {
            case MariaDbGtidState state -> state.gtids().forEach(this::passOver);
            case MySqlGtidSet set -> known = known.union(set);
        }
        end = modulo(segment.lastPosition());
    }

    private void passOver(MariaDbGtid gtid) {
        lastByDomain.merge(
                gtid.domainId(),
                gtid.sequenceNumber(),
                (a, b) -> Long.compareUnsigned(a, b) >= 0 ? a : b);
    }

    private void open(SegmentEntry segment) {
        String file = segment.serverId() + "/" + segment.file();
        boolean goesOn = file.equals(place) && end == segment.firstPosition();
        if (!goesOn) {
            end = UNKNOWN;
        }
        enter(segment, goesOn ? "position" : "gtid");
    }

    private void enter(SegmentEntry segment, String joined) {
        place = segment.serverId() + "/" + segment.file();
        isAtFileStart = false;
        stretches.add(
                new Stretch(
                        segment.part().path(),
                        segment.part().sha256(),
                        segment.serverId(),
                        segment.file(),
                        segment.firstPosition(),
                        segment.lastPosition(),
                        segment.fromGtid(),
                        segment.toGtid(),
                        joined));
    }

    private void read(SegmentEntry segment, MemorySegment bytes) {
        open(segment);
        var reader = BinlogReader.ofChecked(bytes, segment.part().path());
        boolean isBehindHead = false;
        while (reader.next()) {
            pages.readTo(bytes, reader.offset());
            EventHeader header = reader.header();
            EventType type = reader.findType().orElse(EventType.UNKNOWN);
            if (TransactionBegin.is(type)) {
                switch (TransactionBegin.of(reader.decode(), header).gtid()) {
                    case MariaDbGtid gtid -> begin(reader, header, gtid);
                    case MySqlGtid gtid -> begin(reader, header, gtid, isBehindHead);
                }
                isBehindHead = true;
            } else if (type == EventType.PREVIOUS_GTIDS) {
                requireKnown(
                        reader.origin().toString(), ((PreviousGtidsEvent) reader.decode()).set());
            } else if (isBehindHead) {
                goOn(reader, header);
            } else if (type == EventType.GTID_LIST && !header.isArtificial()) {
                isAtFileStart = true;
            }
        }
        pages.readAll(bytes);
        switch (GtidSet.parse(segment.toGtid())) {
            case MySqlGtidSet set -> requireKnown(segment.part().path() + ", its end", set);
            case MariaDbGtidState state ->
                    state.gtids().forEach(gtid -> requireReached(segment, gtid));
        }
    }

    /// What its entry says of its end is in its bytes, or was there before.
    private void requireReached(SegmentEntry segment, MariaDbGtid gtid) {
        Long last = lastByDomain.get(gtid.domainId());
        if (last != null && Long.compareUnsigned(last, gtid.sequenceNumber()) < 0) {
            holes.add(
                    "%s: it is to end behind %s, and its last transaction of that domain is %s"
                            .formatted(segment.part().path(), gtid, Long.toUnsignedString(last)));
        }
    }

    private void requireKnown(String where, MySqlGtidSet before) {
        MySqlGtidSet missing = before.minus(known);
        if (!missing.isEmpty()) {
            holes.add("%s: %s comes before it and is not there".formatted(where, missing));
        }
    }

    /// A number may be missing for good, or come later: only a jump says that one was left out.
    private void begin(
            BinlogReader reader, EventHeader header, MySqlGtid gtid, boolean isBehindHead) {
        boolean follows = modulo(header.nextPosition() - header.sizeBytes()) == end;
        if (known.contains(gtid)) {
            repeated++;
        } else {
            transactions++;
            boolean isFirst = gtid.number() == 1;
            if (isBehindHead && !follows && !isFirst && !known.contains(gtid.before())) {
                holes.add(
                        "%s: %s is not there in front of %s, and the positions do not go on"
                                .formatted(reader.origin(), gtid.before(), gtid));
            }
            known = known.with(gtid);
        }
        advance(header);
    }

    private void begin(BinlogReader reader, EventHeader header, MariaDbGtid gtid) {
        long start = modulo(header.nextPosition() - header.sizeBytes());
        boolean follows = header.nextPosition() == 0 || start == end;
        long last = lastByDomain.getOrDefault(gtid.domainId(), gtid.sequenceNumber() - 1);
        if (Long.compareUnsigned(gtid.sequenceNumber(), last) <= 0) {
            repeated++;
        } else {
            transactions++;
            long missing = gtid.sequenceNumber() - last - 1;
            if (missing != 0 && (follows || isAtFileStart)) {
                unusedNumbers += missing;
            } else if (missing != 0) {
                holes.add(
                        "%s: %s follows %d-...-%s, and the positions do not go on"
                                .formatted(
                                        reader.origin(),
                                        gtid,
                                        gtid.domainId(),
                                        Long.toUnsignedString(last)));
            }
            put(gtid);
        }
        isAtFileStart = false;
        advance(header);
    }

    /// Events of a transaction, and between two: only what the sender made up takes no place.
    private void goOn(BinlogReader reader, EventHeader header) {
        if (header.isArtificial()) {
            return;
        }
        long expected = modulo(end + header.sizeBytes());
        if (end != UNKNOWN && header.nextPosition() != 0 && header.nextPosition() != expected) {
            holes.add(
                    "%s: the event ends at position %d of the source's file, expected %d"
                            .formatted(reader.origin(), header.nextPosition(), expected));
        }
        advance(header);
    }

    /// Events inside a transaction have no position from MariaDB 11.4 on.
    private void advance(EventHeader header) {
        if (header.nextPosition() != 0) {
            end = header.nextPosition();
        } else if (end != UNKNOWN) {
            end = modulo(end + header.sizeBytes());
        }
    }

    private void put(MariaDbGtid gtid) {
        lastByDomain.put(gtid.domainId(), gtid.sequenceNumber());
    }

    private static long modulo(long position) {
        return Math.floorMod(position, POSITIONS);
    }
}
