package io.backstay.recovery.backup;

import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument.Column;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.rows.Rows;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Cuts tables into pieces, so that one big table does not keep one session busy alone.
///
/// Only a table whose key begins with an integer is cut, into equal ranges of that integer; the
/// outer ranges are open, so no row can fall between.
final class Pieces {
    private static final Set<String> INTEGERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint");
    private static final long SMALL_TABLE_BYTES = 16 << 20;

    private final Server session;
    private final int threads;

    Pieces(Server session, int threads) {
        this.session = session;
        this.threads = threads;
    }

    List<Piece> cut(int tableNumber, Table table) {
        TableName name = new TableName(table.schema(), table.name());
        long bytes =
                Long.parseLong(
                        session.findValue(
                                        "SELECT DATA_LENGTH FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                                                + Identifier.text(table.schema())
                                                + " AND TABLE_NAME = "
                                                + Identifier.text(table.name()))
                                .orElse("0"));
        if (threads == 1 || bytes < SMALL_TABLE_BYTES || !hasIntegerKey(table)) {
            return List.of(new Piece(tableNumber, table, 0, ""));
        }
        String key = Identifier.quote(table.primaryKey().getFirst());
        var range =
                Rows.of(
                                session,
                                "SELECT MIN("
                                        + key
                                        + "), MAX("
                                        + key
                                        + ") FROM "
                                        + Identifier.quote(name))
                        .getFirst();
        String min = range.get(0);
        String max = range.get(1);
        if (min == null || max == null) {
            return List.of(new Piece(tableNumber, table, 0, ""));
        }
        var first = new BigInteger(min);
        BigInteger width = new BigInteger(max).subtract(first);
        int count = (int) Math.min(999, Math.max(threads, bytes / SMALL_TABLE_BYTES));
        var pieces = new ArrayList<Piece>();
        String from = "";
        for (int i = 1; i < count; i++) {
            BigInteger end =
                    first.add(
                            width.multiply(BigInteger.valueOf(i))
                                    .divide(BigInteger.valueOf(count)));
            pieces.add(
                    new Piece(
                            tableNumber,
                            table,
                            pieces.size(),
                            " WHERE "
                                    + (from.isEmpty() ? "" : from + " AND ")
                                    + key
                                    + " < "
                                    + end));
            from = key + " >= " + end;
        }
        pieces.add(new Piece(tableNumber, table, pieces.size(), " WHERE " + from));
        return pieces;
    }

    private static boolean hasIntegerKey(Table table) {
        return !table.primaryKey().isEmpty()
                && table.columns().stream()
                        .filter(
                                column ->
                                        column.name()
                                                .equalsIgnoreCase(table.primaryKey().getFirst()))
                        .map(Column::dataType)
                        .anyMatch(INTEGERS::contains);
    }
}
