package io.backstay.recovery.restore;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.mysql.TableDefinition;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.Fold;
import io.backstay.recovery.fold.FoldRequest;
import io.backstay.recovery.fold.FoldSummary;
import io.backstay.recovery.fold.FoldedTable;
import io.backstay.recovery.fold.LogFold;
import io.backstay.recovery.fold.LogStretch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The log of a plan, folded in place: its segments stay mapped until [#close].
final class FoldedLog implements AutoCloseable {
    private final List<BinlogFile> files;
    private final Fold fold;

    private FoldedLog(List<BinlogFile> files, Fold fold) {
        this.files = files;
        this.fold = fold;
    }

    /// Errors: damage in a segment, found before anything of it is used; what cannot be folded.
    static FoldedLog of(Archive archive, RestorePlan plan) {
        var files = new ArrayList<BinlogFile>();
        try {
            var stretches = new ArrayList<LogStretch>();
            for (SegmentEntry segment : plan.segments()) {
                BinlogFile file = BinlogFile.open(archive.requireWhole(segment.part()));
                files.add(file);
                stretches.add(new LogStretch(segment.file(), file.bytes()));
            }
            Map<TableName, TableDefinition> tables = new HashMap<>();
            plan.whole()
                    .tables()
                    .forEach(table -> tables.put(table.definition().name(), table.definition()));
            var request = new FoldRequest(tables, state(plan.document()), plan.stop());
            return new FoldedLog(files, LogFold.run(request, stretches));
        } catch (RuntimeException e) {
            files.forEach(BinlogFile::close);
            throw e;
        }
    }

    /// All that a base has, per domain and server.
    static MariaDbGtidState state(BaseDocument base) {
        return MariaDbGtidState.parse(base.source().gtidBinlogState())
                .union(MariaDbGtidState.parse(base.source().gtid()));
    }

    Optional<FoldedTable> find(Table table) {
        return fold.find(table.definition().name());
    }

    /// The segments' bytes, in their order; valid until [#close].
    List<MemorySegment> bytes() {
        return files.stream().map(BinlogFile::bytes).toList();
    }

    FoldSummary summary() {
        return fold.summary();
    }

    @Override
    public void close() {
        files.forEach(BinlogFile::close);
    }
}
