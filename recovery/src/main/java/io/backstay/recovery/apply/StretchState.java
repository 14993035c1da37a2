package io.backstay.recovery.apply;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventType;
import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.TransactionBegin;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.FoldStop;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The GTID state at a place in the log: what of it is in front of that place.
public final class StretchState {
    /// Belong to no transaction.
    private static final Set<EventType> BETWEEN =
            EnumSet.of(
                    EventType.BINLOG_CHECKPOINT,
                    EventType.ROTATE,
                    EventType.STOP,
                    EventType.HEARTBEAT,
                    EventType.GTID_LIST,
                    EventType.PREVIOUS_GTIDS,
                    EventType.FORMAT_DESCRIPTION);

    private final List<Gtid> seen = new ArrayList<>();
    private @Nullable Gtid open;
    private long openEnd;

    private StretchState() {}

    /// @param base state in front of the first segment
    /// @param isIncluded whether a transaction that is the stop itself counts
    public static GtidSet at(
            Archive archive,
            GtidSet base,
            List<SegmentEntry> segments,
            FoldStop stop,
            boolean isIncluded) {
        var state = new StretchState();
        for (SegmentEntry segment : segments) {
            try (BinlogFile file = BinlogFile.open(archive.requireWhole(segment.part()))) {
                if (state.read(file.reader(), segment.file(), stop, isIncluded)) {
                    break;
                }
            }
        }
        GtidSet all = base;
        for (Gtid gtid : state.seen) {
            all = all.and(gtid);
        }
        return all;
    }

    /// @return whether the stop was met
    private boolean read(BinlogReader reader, String file, FoldStop stop, boolean isIncluded) {
        while (reader.next()) {
            if (TransactionBegin.is(reader.type())) {
                if (end(file, stop)) {
                    return true;
                }
                Gtid gtid = TransactionBegin.of(reader.decode(), reader.header()).gtid();
                if (stop instanceof FoldStop.AfterGtid(Gtid last) && last.equals(gtid)) {
                    if (isIncluded) {
                        seen.add(gtid);
                    }
                    return true;
                }
                open = gtid;
            }
            if (!BETWEEN.contains(reader.type()) && reader.header().nextPosition() != 0) {
                openEnd = reader.header().nextPosition();
            }
        }
        return end(file, stop);
    }

    private boolean end(String file, FoldStop stop) {
        Gtid ended = open;
        open = null;
        if (ended == null) {
            return false;
        }
        if (stop instanceof FoldStop.AtPosition(var position)
                && position.file().equals(file)
                && openEnd > position.offsetBytes()) {
            return true;
        }
        seen.add(ended);
        return false;
    }
}
