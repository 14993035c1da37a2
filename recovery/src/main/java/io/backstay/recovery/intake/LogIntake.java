package io.backstay.recovery.intake;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventType;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.TruncatedBinlogException;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.GroupTracker;
import io.backstay.recovery.archive.Manifest;
import io.backstay.recovery.archive.PartKind;
import io.backstay.recovery.archive.PartSink;
import io.backstay.recovery.archive.SegmentEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Log files into segments, one a file, from where the archive ends (or its newest base is).
///
/// A segment gets the file's head, its format description, and every event from the first new
/// transaction to the end of the last whole one, byte for byte. Each event's checksum is checked,
/// each file's list of earlier GTIDs must be covered by what was taken before: no hole goes
/// unnoticed. What the archive has already is passed over, so the same folder can be given again
/// and again.
final class LogIntake {
    private static final int BLOCK_BYTES = 1 << 20;

    private final Archive archive;
    private final LogFiles logs;
    private final RecoveryListener listener;
    private GtidSet position;
    private long segments;
    private long transactions;
    private long bytes;

    private LogIntake(Archive archive, LogFiles logs, RecoveryListener listener, GtidSet position) {
        this.archive = archive;
        this.logs = logs;
        this.listener = listener;
        this.position = position;
    }

    /// @param bytes of log in the new segments
    record Result(long segments, long transactions, long bytes) {}

    /// The caller holds the lock of the role `stream`.
    static Result run(Archive archive, LogFiles logs, RecoveryListener listener) {
        return new LogIntake(archive, logs, listener, start(archive.manifest(), logs)).run();
    }

    /// At the archive's end if the log reaches back that far, else at its newest base.
    private static GtidSet start(Manifest manifest, LogFiles logs) {
        GtidSet first = LogFiles.stateBefore(logs.files().getFirst());
        var starts = new ArrayList<String>();
        if (!manifest.segments().isEmpty()) {
            starts.add(manifest.segments().getLast().toGtid());
        }
        manifest.bases().reversed().stream().map(BaseEntry::gtid).forEach(starts::add);
        for (String gtid : starts) {
            GtidSet state = GtidSet.parse(gtid);
            if (state.covers(first)) {
                return state;
            }
        }
        throw new Problem(
                ErrorCode.FAILED,
                "gap in the log: %s begins behind GTID %s, the archive ends at %s"
                        .formatted(
                                LogFiles.name(logs.files().getFirst()),
                                first,
                                starts.isEmpty() ? "nothing: it has no base" : starts.getFirst()),
                "put the earlier files there too, or import a later base.");
    }

    private Result run() {
        List<Path> files = logs.files();
        for (int i = 0; i < files.size(); i++) {
            boolean isKnown =
                    i + 1 < files.size() && position.covers(LogFiles.stateBefore(files.get(i + 1)));
            if (!isKnown) {
                take(files.get(i));
            }
        }
        return new Result(segments, transactions, bytes);
    }

    private void take(Path file) {
        GtidSet before = LogFiles.stateBefore(file);
        if (!position.covers(before)) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "gap in the log: %s begins behind GTID %s, the files before it end at %s"
                            .formatted(LogFiles.name(file), before, position),
                    "the file before it is not whole: get it from the server again.");
        }
        listener.phase("log " + LogFiles.name(file));
        var tracker = new GroupTracker(position);
        try (BinlogFile log = BinlogFile.open(file)) {
            Stretch stretch = index(log, tracker, file);
            if (tracker.transactions() > 0) {
                enter(log, stretch, tracker, LogFiles.name(file));
            }
        }
    }

    /// What of a file goes into the segment.
    ///
    /// @param formatEnd behind the format description
    /// @param runs offsets of stretches, begin and end, none of them known to the archive
    /// @param end behind the last whole transaction and what belongs to no transaction
    private record Stretch(long formatEnd, List<long[]> runs, long end, long serverId) {}

    private Stretch index(BinlogFile log, GroupTracker tracker, Path file) {
        BinlogReader reader = log.reader();
        long formatEnd = 0;
        long serverId = 0;
        long whole = 0;
        var runs = new ArrayList<long[]>();
        try {
            while (reader.next()) {
                long end = reader.offset() + reader.sizeBytes();
                requireClear(reader.type(), file);
                GroupTracker.Place place = tracker.see(reader);
                if (formatEnd == 0) {
                    formatEnd = end;
                    serverId = reader.serverId();
                } else if (place != GroupTracker.Place.KNOWN) {
                    add(runs, reader.offset(), end);
                }
                whole = place == GroupTracker.Place.WHOLE ? end : whole;
            }
        } catch (TruncatedBinlogException e) {
            listener.note(
                    "%s breaks off at byte %d: its last whole transaction is %s"
                            .formatted(
                                    LogFiles.name(file),
                                    e.origin().offsetBytes(),
                                    tracker.position()));
        }
        if (tracker.isInside()) {
            tracker.breakOff();
            listener.note(
                    LogFiles.name(file)
                            + " ends inside a transaction, which does not count: the last whole one is "
                            + tracker.position());
        }
        return new Stretch(formatEnd, runs, whole, serverId);
    }

    private static void add(List<long[]> runs, long from, long to) {
        if (!runs.isEmpty() && runs.getLast()[1] == from) {
            runs.getLast()[1] = to;
        } else {
            runs.add(new long[] {from, to});
        }
    }

    private static void requireClear(EventType type, Path file) {
        if (type == EventType.START_ENCRYPTION) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    file + " is encrypted",
                    "stream it from the server, which sends it clear: `backstay stream`.");
        }
    }

    private void enter(BinlogFile log, Stretch stretch, GroupTracker tracker, String name) {
        String path = archive.manifest().nextSegmentPath();
        try (PartSink sink = archive.newPart(path, PartKind.SEGMENT, SegmentEntry.FORMAT_VERSION)) {
            copy(log.bytes(), 0, stretch.formatEnd(), sink);
            for (long[] run : stretch.runs()) {
                copy(log.bytes(), run[0], Math.min(run[1], stretch.end()), sink);
            }
            var entry =
                    SegmentEntry.of(
                            sink.seal(),
                            position,
                            stretch.serverId(),
                            name,
                            tracker,
                            stretch.end());
            archive.addSegment(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        position = tracker.position();
        segments++;
        transactions += tracker.transactions();
        bytes += stretch.end();
    }

    private static void copy(MemorySegment from, long at, long to, PartSink sink)
            throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        for (long place = at; place < to; place += block.length) {
            int count = (int) Math.min(block.length, to - place);
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, place, block, 0, count);
            sink.write(block, 0, count);
        }
    }
}
