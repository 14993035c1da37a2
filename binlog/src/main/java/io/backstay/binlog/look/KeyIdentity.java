package io.backstay.binlog.look;

import io.backstay.binlog.Collation;
import io.backstay.binlog.ColumnLayout;
import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.TableMetadata;
import io.backstay.binlog.value.ColumnValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A row's primary key as text that is equal if and only if the server holds the keys equal; or why
/// there is none.
///
/// Text counts only under collations that compare by code point. Under those that pad, spaces at
/// the end do not count.
final class KeyIdentity {
    private static final int UTF8MB4_0900_BIN = 309;

    /// MariaDB's collations without padding have the number of the one with it and this.
    private static final int NO_PAD = 1024;

    private final List<Integer> columns;
    private final List<Boolean> isPadded = new ArrayList<>();

    private KeyIdentity(List<Integer> columns) {
        this.columns = columns;
    }

    /// Why a table's rows cannot be told apart exactly by what the log says; empty if they can.
    static Optional<String> refusal(TableMapEvent table, List<Integer> columns) {
        if (columns.isEmpty()) {
            return Optional.of(
                    "the log names no primary key of it; set binlog_row_metadata=FULL on the source,"
                            + " or name its columns with --key-columns");
        }
        for (TableMetadata.KeyPart part : table.metadata().primaryKey()) {
            if (part.prefixCharacters() > 0 && columns.contains(part.column())) {
                return Optional.of("its primary key holds only a part of a column");
            }
        }
        for (int column : columns) {
            Optional<String> reason = refusal(table, column);
            if (reason.isPresent()) {
                return reason;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> refusal(TableMapEvent table, int column) {
        ColumnLayout layout = table.columns().get(column);
        String name = RowChange.columnName(table, column);
        return switch (layout.type()) {
            case FLOAT, DOUBLE ->
                    Optional.of("its key column %s is a floating number".formatted(name));
            case STRING, VARCHAR, VAR_STRING, TINY_BLOB, BLOB, MEDIUM_BLOB, LONG_BLOB ->
                    collation(table, column).filter(Collation::isByCodePoint).isPresent()
                            ? Optional.empty()
                            : Optional.of(
                                    "its key column %s is text whose equality the log does not tell, or is coarser than its characters"
                                            .formatted(name));
            case DECIMAL, NULL, JSON, GEOMETRY, VECTOR, BLOB_COMPRESSED, VARCHAR_COMPRESSED ->
                    Optional.of(
                            "its key column %s is of the type %s".formatted(name, layout.type()));
            default -> Optional.empty();
        };
    }

    private static Optional<Collation> collation(TableMapEvent table, int column) {
        var number = table.metadata().column(column).collation();
        return number.isPresent() ? Collation.find(number.getAsInt()) : Optional.empty();
    }

    /// Of a table for which [#refusal] is empty.
    static KeyIdentity of(TableMapEvent table, List<Integer> columns) {
        var identity = new KeyIdentity(List.copyOf(columns));
        for (int column : columns) {
            identity.isPadded.add(
                    collation(table, column)
                            .filter(c -> !c.isBinary())
                            .filter(c -> c.number() != UTF8MB4_0900_BIN && c.number() < NO_PAD)
                            .isPresent());
        }
        return identity;
    }

    List<String> of(List<ColumnValue> image) {
        var key = new ArrayList<String>();
        for (int i = 0; i < columns.size(); i++) {
            String text = image.get(columns.get(i)).shown();
            key.add(
                    isPadded.get(i)
                            ? image.get(columns.get(i)).text().replaceFirst(" +$", "")
                            : text);
        }
        return List.copyOf(key);
    }
}
