package io.backstay.recovery.restore;

import io.backstay.binlog.BinlogFile;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.mysql.TableName;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.ReadPages;
import io.backstay.recovery.proof.KeyRanges;
import io.backstay.recovery.proof.LogCoverage;
import io.backstay.recovery.proof.LogCoverage.Coverage;
import io.backstay.recovery.proof.ProvenTable;
import io.backstay.recovery.proof.RangeDigests;
import io.backstay.recovery.rows.RowSelect;
import io.backstay.recovery.rows.RowTextQuery;
import io.backstay.recovery.rows.Workers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Whether a server on a base's files holds that base: every row, every definition, and no table
/// besides.
final class FolderProof {
    private final Archive archive;
    private final BaseDocument base;
    private final ServerAddress address;
    private final int threads;

    FolderProof(Archive archive, BaseDocument base, ServerAddress address, int threads) {
        this.archive = archive;
        this.base = base;
        this.address = address;
        this.threads = threads;
    }

    /// Every table read back, several at once, in the order of the base.
    List<ProvenTable> tables(RecoveryListener listener) {
        var proven = new ProvenTable[base.tables().size()];
        var sessions = new ConcurrentLinkedQueue<Server>();
        var queue = new ConcurrentLinkedQueue<Runnable>();
        for (int i = 0; i < proven.length; i++) {
            int index = i;
            queue.add(
                    () -> {
                        Server session = sessions.remove();
                        try {
                            proven[index] = readBack(session, base.tables().get(index));
                        } finally {
                            sessions.add(session);
                        }
                        listener.table(proven[index].table(), proven[index].baseRows(), 0, true);
                    });
        }
        try {
            for (int i = 0; i < threads; i++) {
                Server session = Server.connect(address);
                sessions.add(session);
                LoadData.prepare(session);
            }
            Workers.run("read back", threads, queue);
        } finally {
            sessions.forEach(Server::close);
        }
        return List.of(proven);
    }

    private static ProvenTable readBack(Server session, Table table) {
        var found = new RangeDigests(KeyRanges.at(table, List.of()));
        RowTextQuery.run(
                session,
                "SELECT "
                        + RowSelect.list(table)
                        + " FROM "
                        + Identifier.quote(new TableName(table.schema(), table.name())),
                RowSelect.isFloating(table),
                found::add);
        return new ProvenTable(
                table.qualifiedName(),
                "files",
                table.rows(),
                0,
                0,
                table.chunks().stream().mapToLong(BaseDocument.Chunk::textBytes).sum(),
                ProvenTable.ranges(RangeDigests.parse(table, table.digest() + "@"), found));
    }

    /// What is not as the base has it; empty if all is.
    List<String> differences(Server control, List<ProvenTable> tables) {
        var differences = new ArrayList<String>();
        tables.forEach(table -> differences.addAll(table.differences()));
        var known = new HashSet<String>();
        for (Table table : base.tables()) {
            known.add(table.qualifiedName());
            if (!new TableLoad(table, Optional.empty()).isThereAlike(control)) {
                differences.add(
                        "table "
                                + table.qualifiedName()
                                + " is not defined in the files as it is in the base");
            }
        }
        base.programs().forEach(program -> known.add(program.schema() + "." + program.name()));
        for (String schema : Schemas.list(control)) {
            if (base.schemas().stream().noneMatch(s -> s.name().equals(schema))) {
                differences.add("the files hold the schema " + schema + ", the base does not");
            }
            for (TableName name : Schemas.tables(control, schema).keySet()) {
                if (!known.contains(name.toString())) {
                    differences.add("the files hold the table " + name + ", the base does not");
                }
            }
        }
        return differences;
    }

    /// Of the log that was gone on with.
    Coverage coverage(UntilSearch.Cut cut, Optional<GoOn.Result> gone) {
        List<SegmentEntry> segments = gone.isPresent() ? cut.segments() : List.of();
        var files = new ArrayList<BinlogFile>();
        try {
            var bytes = new ArrayList<MemorySegment>();
            for (SegmentEntry segment : segments) {
                BinlogFile file = BinlogFile.open(archive.resolve(segment.part()));
                files.add(file);
                bytes.add(file.bytes());
            }
            return LogCoverage.of(
                    FoldStart.all(base), segments, List.of(), bytes, new ReadPages(false));
        } finally {
            files.forEach(BinlogFile::close);
        }
    }
}
