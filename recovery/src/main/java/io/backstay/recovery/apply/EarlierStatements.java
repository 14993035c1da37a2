package io.backstay.recovery.apply;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.EventType;
import io.backstay.binlog.GtidEvent;
import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.QueryEvent;
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
            Archive archive,
            List<SegmentEntry> segments,
            MariaDbGtidState base,
            MariaDbGtidState place) {
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
            MariaDbGtidState base,
            MariaDbGtidState place,
            List<EarlierStatement> into) {
        @Nullable MariaDbGtid between = null;
        while (reader.next()) {
            if (reader.type() == EventType.GTID) {
                MariaDbGtid gtid = ((GtidEvent) reader.decode()).gtid();
                between = place.reaches(gtid) && !base.reaches(gtid) ? gtid : null;
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
