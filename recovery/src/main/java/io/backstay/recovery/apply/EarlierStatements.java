package io.backstay.recovery.apply;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.EventType;
import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.QueryEvent;
import io.backstay.binlog.TransactionBegin;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.EarlierStatement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The statements of a log between a base and a later place: what a base's definitions may have
/// become by then.
public final class EarlierStatements {
    private EarlierStatements() {}

    /// @param base what the base has
    /// @param place what a server at the later place has
    public static List<EarlierStatement> of(
            Archive archive, List<SegmentEntry> segments, GtidSet base, GtidSet place) {
        var statements = new ArrayList<EarlierStatement>();
        for (SegmentEntry segment : segments) {
            if (segment.hasDdl()) {
                try (BinlogFile file = BinlogFile.open(archive.requireWhole(segment.part()))) {
                    read(file.reader(), segment.file(), base, place, statements);
                }
            }
        }
        return statements;
    }

    private static void read(
            BinlogReader reader,
            String file,
            GtidSet base,
            GtidSet place,
            List<EarlierStatement> into) {
        @Nullable Gtid between = null;
        while (reader.next()) {
            if (TransactionBegin.is(reader.type())) {
                Gtid gtid = TransactionBegin.of(reader.decode(), reader.header()).gtid();
                between = place.has(gtid) && !base.has(gtid) ? gtid : null;
            } else if (between != null
                    && (reader.type() == EventType.QUERY
                            || reader.type() == EventType.QUERY_COMPRESSED)) {
                into.add(
                        new EarlierStatement(
                                (QueryEvent) reader.decode(),
                                between.toString(),
                                new EventOrigin(file, reader.offset())));
            }
        }
    }
}
