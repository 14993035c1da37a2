package io.backstay.recovery.restore;

import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.fold.FoldStop;
import io.backstay.recovery.fold.TableLane;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which lane each table of a log takes, and why, without folding a row: one pass over the log.
///
/// What only folding finds, rows that contradict the log or the base, it cannot tell.
public final class LaneSurvey {
    private LaneSurvey() {}

    /// Of all that an archive holds behind its newest base; empty if it has none.
    public static SortedMap<TableName, TableLane> of(Archive archive) {
        List<BaseEntry> bases = archive.manifest().bases();
        if (bases.isEmpty()) {
            return new TreeMap<>();
        }
        BaseEntry base = bases.getLast();
        BaseDocument document = archive.document(base);
        var plan =
                new RestorePlan(
                        base,
                        document,
                        document,
                        archive.manifest().segmentsAfter(base),
                        new FoldStop.AtEnd(),
                        "",
                        false,
                        Selection.all(),
                        false,
                        List.of(),
                        List.of());
        try (FoldedLog log = FoldedLog.survey(archive, plan)) {
            return log.fold().lanes();
        }
    }
}
