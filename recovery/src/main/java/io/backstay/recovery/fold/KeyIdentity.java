package io.backstay.recovery.fold;

import io.backstay.binlog.ColumnLayout;
import io.backstay.mysql.KeyColumn;
import io.backstay.mysql.TableDefinition;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// How the rows of one table with a primary key are told apart: by a number if the key is one
/// integer, else by bytes. Equal for the same row in a row image and in LOAD DATA text.
final class KeyIdentity {
    private final List<KeyPart> parts;
    private final boolean isLong;

    /// For each field of the LOAD DATA text up to the last of the key: the part it is, or -1.
    private final int[] partOfField;

    private KeyIdentity(List<KeyPart> parts, int[] partOfField) {
        this.parts = parts;
        this.partOfField = partOfField;
        this.isLong = parts.size() == 1 && parts.getFirst().isInteger();
    }

    /// @param fieldOfColumn the number of each column's field in the text; every key column has one
    static KeyIdentity of(TableDefinition table, List<ColumnLayout> layouts, int[] fieldOfColumn)
            throws TextCodec.UnsupportedColumn {
        var parts = new ArrayList<KeyPart>();
        int lastField = 0;
        for (KeyColumn key : table.primaryKey()) {
            int column = columnOf(table, key.name());
            parts.add(KeyPart.of(table.columns().get(column), layouts.get(column), column));
            lastField = Math.max(lastField, fieldOfColumn[column]);
        }
        var partOfField = new int[lastField + 1];
        java.util.Arrays.fill(partOfField, -1);
        for (int i = 0; i < parts.size(); i++) {
            partOfField[fieldOfColumn[parts.get(i).column()]] = i;
        }
        return new KeyIdentity(List.copyOf(parts), partOfField);
    }

    private static int columnOf(TableDefinition table, String name) {
        for (int i = 0; i < table.columns().size(); i++) {
            if (table.columns().get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(table.name() + " has no column " + name);
    }

    boolean isLong() {
        return isLong;
    }

    /// Of a key that [#isLong].
    boolean isUnsigned() {
        return parts.getFirst().isUnsigned();
    }

    /// A key that [#isLong], as bytes in the order of the numbers.
    void putSortKey(long key, RowBuffer out) {
        parts.getFirst().putInteger(key, out);
    }

    long longOfImage(RowLayout layout, MemorySegment s, long row) {
        KeyPart part = parts.getFirst();
        long at = layout.columnOffset(s, row, part.column());
        return part.integer(s, at, layout.columns().get(part.column()).fixedLengthBytes());
    }

    void bytesOfImage(RowLayout layout, MemorySegment s, long row, RowBuffer out) {
        out.clear();
        for (KeyPart part : parts) {
            long at = layout.columnOffset(s, row, part.column());
            long end = layout.columnEnd(s, at, part.column());
            long value = at + layout.columns().get(part.column()).lengthPrefixBytes();
            part.fromImage(s, value, (int) (end - value), out);
        }
    }

    long longOfText(byte[] line, int from, int to) {
        int at = from;
        for (int field = 0; partOfField[field] < 0; field++) {
            at = fieldEnd(line, at, to) + 1;
        }
        return parts.getFirst().integer(line, at, fieldEnd(line, at, to));
    }

    void bytesOfText(byte[] line, int from, int to, RowBuffer out) {
        var starts = new int[parts.size()];
        int at = from;
        for (int part : partOfField) {
            if (part >= 0) {
                starts[part] = at;
            }
            at = fieldEnd(line, at, to) + 1;
        }
        out.clear();
        for (int i = 0; i < starts.length; i++) {
            parts.get(i).fromText(line, starts[i], fieldEnd(line, starts[i], to), out);
        }
    }

    /// Behind the field's last byte. Tabs and line feeds inside a value are escaped.
    private static int fieldEnd(byte[] line, int from, int to) {
        int at = from;
        while (at < to && line[at] != '\t') {
            at++;
        }
        return at;
    }
}
