package io.backstay.recovery.restore;

import io.backstay.mysql.Identifier;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.fold.FoldedTable;
import io.backstay.recovery.fold.LaneReason;
import io.backstay.recovery.fold.TableLane;
import io.backstay.recovery.proof.KeyRanges;
import io.backstay.recovery.proof.ProvenTable;
import io.backstay.recovery.proof.RangeDigests;
import io.backstay.recovery.rows.RowSelect;
import io.backstay.recovery.rows.RowTextQuery;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One table on its way: made, loaded, indexed, read back. One thread at a time.
final class TableLoad {
    /// For digests: enough to find a difference, few enough to be kept.
    private static final int RANGES_MAX = 64;

    private final Table table;
    private final Optional<LaneReason> orderedSince;
    private final CreateTable create;
    private final String name;
    private @Nullable RangeDigests loaded;
    private long bytes;
    private long dropped;
    private long appended;
    private @Nullable RangeDigests found;
    private String lane = "bulk";
    private boolean isKept;

    /// @param taken its lane, if the log touches it
    TableLoad(Table table, Optional<TableLane> taken) {
        this.table = table;
        this.orderedSince =
                taken.flatMap(
                        way ->
                                way instanceof TableLane.Ordered(var since)
                                        ? Optional.of(since)
                                        : Optional.empty());
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
        if (isKept) {
            loadDifferences(session, archive, log, listener);
            return;
        }
        Optional<FoldedTable> changes = log.find(table);
        lane = changes.isPresent() ? "merged" : "bulk";
        try (var stream =
                LoadStream.start(
                        archive,
                        table,
                        changes,
                        KeyRanges.of(archive, table, RANGES_MAX),
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

    /// Whether the server has the table as the base has it, so that ranges of it can be kept.
    ///
    /// The next AUTO_INCREMENT value is no difference.
    boolean isThereAlike(Server session) {
        if (session.findValue(
                        "SELECT 1 FROM information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA = "
                                + Identifier.text(table.schema())
                                + " AND TABLE_NAME = "
                                + Identifier.text(table.name()))
                .isEmpty()) {
            return false;
        }
        String there =
                Schemas.createStatement(session, new TableName(table.schema(), table.name()));
        isKept = withoutCounter(there).equals(withoutCounter(table.createSql()));
        return isKept;
    }

    private static String withoutCounter(String createSql) {
        return createSql.replaceAll("\\) (ENGINE=\\w+) AUTO_INCREMENT=\\d+", ") $1");
    }

    /// Replaces the rows of the ranges that differ. Triggers are gone by then: they would fire.
    private void loadDifferences(
            Server session, Archive archive, FoldedLog log, RecoveryListener listener) {
        Optional<FoldedTable> changes = log.find(table);
        KeyRanges ranges = KeyRanges.of(archive, table, RANGES_MAX);
        RangeDigests wanted = stream(session, archive, changes, ranges, new BitSet(), listener);
        loaded = wanted;
        readBack(session);
        BitSet differing = wanted.differences(Objects.requireNonNull(found));
        lane = "delta " + differing.cardinality() + "/" + ranges.count();
        bytes = 0;
        if (differing.isEmpty()) {
            return;
        }
        differing.stream()
                .forEach(
                        range -> {
                            String condition = ranges.condition(range);
                            session.execute(
                                    "DELETE FROM "
                                            + name
                                            + (condition.isEmpty() ? "" : " WHERE " + condition));
                        });
        loaded = stream(session, archive, changes, ranges, differing, listener);
    }

    private RangeDigests stream(
            Server session,
            Archive archive,
            Optional<FoldedTable> changes,
            KeyRanges ranges,
            BitSet wanted,
            RecoveryListener listener) {
        try (var stream =
                LoadStream.start(
                        archive,
                        table,
                        changes,
                        ranges,
                        wanted,
                        (rows, sent) -> listener.table(table.qualifiedName(), rows, sent, false))) {
            if (wanted.isEmpty()) {
                stream.transferTo(OutputStream.nullOutputStream());
            } else {
                LoadData.run(session, table, stream);
            }
            bytes = stream.bytes();
            dropped = stream.dropped();
            appended = stream.appended();
            return stream.digest();
        } catch (IOException e) {
            if (e.getCause() instanceof RuntimeException ours) {
                throw ours;
            }
            throw new UncheckedIOException(e);
        }
    }

    /// Secondary indexes; duplicates in a unique one are an error here.
    void index(Server session, RecoveryListener listener) {
        if (!isKept) {
            alter(session, create.indexes());
        }
        listener.table(table.qualifiedName(), requireLoaded().rows(), bytes, true);
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
        var digest = new RangeDigests(requireLoaded().ranges());
        RowTextQuery.run(
                session,
                "SELECT " + RowSelect.list(table) + " FROM " + name,
                RowSelect.isFloating(table),
                digest::add);
        found = digest;
    }

    /// Why events of the table are executed behind the load; empty if none are.
    Optional<LaneReason> orderedSince() {
        return orderedSince;
    }

    /// For [#readBackBefore].
    String found() {
        return String.valueOf(found);
    }

    /// An earlier run read it back, before events were executed.
    void readBackBefore(String digests) {
        found = RangeDigests.parse(table, digests);
    }

    private String laneTaken() {
        return orderedSince.isPresent() ? "ordered" : lane;
    }

    RestoreResult.TableResult result() {
        return new RestoreResult.TableResult(
                table.qualifiedName(),
                laneTaken(),
                requireLoaded().rows(),
                bytes,
                dropped,
                appended,
                requireLoaded().whole().toString(),
                found == null ? "not read" : found.whole().toString());
    }

    /// Range by range, once it was read back.
    ProvenTable proven() {
        RangeDigests back = found;
        if (back == null) {
            throw new IllegalStateException(name + " was not read back");
        }
        return new ProvenTable(
                table.qualifiedName(),
                orderedSince.map(since -> "ordered: " + since).orElse(lane),
                table.rows(),
                dropped,
                appended,
                bytes,
                ProvenTable.ranges(requireLoaded(), back));
    }

    /// What [#resume] takes up again.
    String facts() {
        return String.join(
                " ",
                requireLoaded().toString(),
                Long.toString(bytes),
                Long.toString(dropped),
                Long.toString(appended),
                lane);
    }

    void resume(String facts) {
        String[] parts = facts.split(" ", -1);
        loaded = RangeDigests.parse(table, parts[0]);
        bytes = Long.parseLong(parts[1]);
        dropped = Long.parseLong(parts[2]);
        appended = Long.parseLong(parts[3]);
        lane = String.join(" ", List.of(parts).subList(4, parts.length));
    }

    private RangeDigests requireLoaded() {
        RangeDigests done = loaded;
        if (done == null) {
            throw new IllegalStateException(name + " was not loaded");
        }
        return done;
    }

    private void alter(Server session, java.util.List<String> clauses) {
        if (!clauses.isEmpty()) {
            session.execute("ALTER TABLE " + name + " " + String.join(", ", clauses));
        }
    }
}
