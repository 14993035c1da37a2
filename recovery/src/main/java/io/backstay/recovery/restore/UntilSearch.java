package io.backstay.recovery.restore;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.TransactionBegin;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.FoldStop;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Where in the log a restore stops, as a transaction.
public final class UntilSearch {
    private static final long MICROS = 1_000_000;
    private static final int NANOS_OF_MICRO = 1_000;

    private final Archive archive;

    public UntilSearch(Archive archive) {
        this.archive = archive;
    }

    /// @param segments to be folded
    /// @param stop where in the last of them
    public record Cut(List<SegmentEntry> segments, FoldStop stop) {}

    /// Errors: a time that the archive does not reach.
    ///
    /// Empty if this base with these segments does not reach that far, or is later.
    public Optional<Cut> find(BaseEntry base, List<SegmentEntry> after, Until until) {
        return switch (until) {
            case Until.End _ -> Optional.of(new Cut(after, new FoldStop.AtEnd()));
            case Until.AtGtid at -> atGtid(base, after, at.gtid());
            case Until.AtPosition at -> atPosition(after, at.position());
            case Until.AtTime at -> atTime(base, after, at.time());
        };
    }

    private static Optional<Cut> atGtid(BaseEntry base, List<SegmentEntry> after, Gtid gtid) {
        GtidSet baseAt = GtidSet.parse(base.gtid());
        // which transaction of a set of MySQL was the last one nobody can tell
        if (baseAt instanceof MariaDbGtidState state && state.gtids().contains(gtid)) {
            return Optional.of(new Cut(List.of(), new FoldStop.AtEnd()));
        }
        if (baseAt.has(gtid)) {
            return Optional.empty();
        }
        for (int i = 0; i < after.size(); i++) {
            if (GtidSet.parse(after.get(i).toGtid()).has(gtid)) {
                return Optional.of(new Cut(after.subList(0, i + 1), new FoldStop.AfterGtid(gtid)));
            }
        }
        return Optional.empty();
    }

    private static Optional<Cut> atPosition(List<SegmentEntry> after, BinlogPosition position) {
        var servers = new TreeSet<Long>();
        int last = -1;
        for (int i = 0; i < after.size(); i++) {
            SegmentEntry segment = after.get(i);
            if (segment.file().equals(position.file())) {
                servers.add(segment.serverId());
                last = segment.firstPosition() <= position.offsetBytes() ? i : last;
            }
        }
        if (servers.size() > 1) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--until "
                            + position
                            + " is ambiguous: servers "
                            + servers
                            + " both wrote a file of that name",
                    "give a GTID instead: `--until GTID`.");
        }
        return last < 0
                ? Optional.empty()
                : Optional.of(
                        new Cut(after.subList(0, last + 1), new FoldStop.AtPosition(position)));
    }

    /// In front of the first transaction whose time is after it: a long statement that was begun
    /// before that time and logged behind what came after it brings nothing of that in.
    private Optional<Cut> atTime(BaseEntry base, List<SegmentEntry> after, Instant time) {
        if (base.at().isAfter(time)) {
            return Optional.empty();
        }
        GtidSet baseAt = GtidSet.parse(base.gtid());
        long untilMicros = time.getEpochSecond() * MICROS + time.getNano() / NANOS_OF_MICRO;
        Cut cut = new Cut(List.of(), new FoldStop.AtEnd());
        for (int i = 0; i < after.size(); i++) {
            var whole = new Stretch();
            whole.read(archive, after.get(i), baseAt, untilMicros);
            if (whole.last != null) {
                cut = new Cut(after.subList(0, i + 1), new FoldStop.AfterGtid(whole.last));
            }
            if (whole.isPassed) {
                return Optional.of(cut);
            }
        }
        throw new Problem(
                ErrorCode.FAILED,
                "the archive does not reach %s: its last transaction, %s, is not after that, and whether others came"
                                .formatted(time, end(base, after))
                        + " in between it cannot know",
                "go to the archive's end by leaving the time out, or stream more first: `backstay stream --archive "
                        + archive.address()
                        + " --server URL --until-now`.");
    }

    private static String end(BaseEntry base, List<SegmentEntry> after) {
        String gtid = after.isEmpty() ? base.gtid() : after.getLast().toGtid();
        return gtid.isEmpty() ? "(none)" : gtid;
    }

    /// What of one segment is not after a time.
    private static final class Stretch {
        private @Nullable Gtid last;
        private boolean isPassed;

        void read(Archive archive, SegmentEntry segment, GtidSet baseAt, long untilMicros) {
            try (BinlogFile file = BinlogFile.open(archive.requireWhole(segment.part()))) {
                BinlogReader reader = file.reader();
                while (!isPassed && reader.next()) {
                    if (TransactionBegin.is(reader.type())) {
                        var begin = TransactionBegin.of(reader.decode(), reader.header());
                        if (!baseAt.has(begin.gtid())) {
                            isPassed = begin.micros() > untilMicros;
                            last = isPassed ? last : begin.gtid();
                        }
                    }
                }
            }
        }
    }
}
