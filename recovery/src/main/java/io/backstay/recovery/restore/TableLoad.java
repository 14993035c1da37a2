package io.backstay.recovery.restore;

import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.RowDigest;
import io.backstay.recovery.fold.FoldedTable;
import io.backstay.recovery.rows.RowSelect;
import io.backstay.recovery.rows.RowTextQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One table on its way: made, loaded, indexed, read back. One thread at a time.
final class TableLoad {
    private final Table table;
    private boolean isMerged;
    private final CreateTable create;
    private final String name;
    private RowDigest loaded = new RowDigest();
    private long bytes;
    private long dropped;
    private long appended;
    private @Nullable RowDigest found;

    TableLoad(Table table) {
        this.table = table;
        create = CreateTable.cut(table.createSql());
        name = Identifier.quote(new TableName(table.schema(), table.name()));
    }

    Table table() {
        return table;
    }

    /// What is loaded first: big tables, so that none is left to one session at the end.
    long size() {
        return table.chunks().stream().mapToLong(chunk -> chunk.textBytes()).sum();
    }

    void make(Server session) {
        session.execute("DROP TABLE IF EXISTS " + name);
        session.execute("USE " + Identifier.quote(table.schema()));
        session.execute(create.sql());
    }

    void load(Server session, Archive archive, FoldedLog log, RecoveryListener listener) {
        Optional<FoldedTable> changes = log.find(table);
        isMerged = changes.isPresent();
        try (var stream =
                LoadStream.start(
                        archive,
                        table,
                        changes,
                        (rows, sent) -> listener.table(table.qualifiedName(), rows, sent, false))) {
            LoadData.run(session, table, stream);
            loaded = stream.digest();
            bytes = stream.bytes();
            dropped = stream.dropped();
            appended = stream.appended();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Secondary indexes; duplicates in a unique one are an error here.
    void index(Server session, RecoveryListener listener) {
        alter(session, create.indexes());
        listener.table(table.qualifiedName(), loaded.rows(), bytes, true);
    }

    /// When every table has its indexes. An earlier run may have done it.
    void addForeignKeys(Server session) {
        if (!create.foreignKeys().isEmpty()
                && session.requireValue(
                                "SELECT COUNT(*) FROM information_schema.TABLE_CONSTRAINTS WHERE CONSTRAINT_TYPE ="
                                        + " 'FOREIGN KEY' AND TABLE_SCHEMA = "
                                        + Identifier.text(table.schema())
                                        + " AND TABLE_NAME = "
                                        + Identifier.text(table.name()))
                        .equals("0")) {
            alter(session, create.foreignKeys());
        }
    }

    void readBack(Server session) {
        var digest = new RowDigest();
        RowTextQuery.run(
                session,
                "SELECT " + RowSelect.list(table) + " FROM " + name,
                RowSelect.isFloating(table),
                digest::add);
        found = digest;
    }

    RestoreResult.TableResult result() {
        return new RestoreResult.TableResult(
                table.qualifiedName(),
                isMerged ? "merged" : "bulk",
                loaded.rows(),
                bytes,
                dropped,
                appended,
                loaded.toString(),
                found == null ? "not read" : found.toString());
    }

    /// What [#resume] takes up again.
    String facts() {
        return loaded + " " + bytes + " " + dropped + " " + appended + " " + isMerged;
    }

    void resume(String facts) {
        String[] parts = facts.split(" ", -1);
        loaded = RowDigest.parse(parts[0]);
        bytes = Long.parseLong(parts[1]);
        dropped = Long.parseLong(parts[2]);
        appended = Long.parseLong(parts[3]);
        isMerged = Boolean.parseBoolean(parts[4]);
    }

    private void alter(Server session, java.util.List<String> clauses) {
        if (!clauses.isEmpty()) {
            session.execute("ALTER TABLE " + name + " " + String.join(", ", clauses));
        }
    }
}
