package io.backstay.binlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What a table map tells beyond the layout of the row images, column by column.
///
/// A list of fields, each one byte of kind, a packed length and a value. Bits go from the highest
/// of a byte to the lowest; lists have an entry for each column of their kind, in order.
///
/// | Kind | For columns that are | Value |
/// | --- | --- | --- |
/// | 1 | numeric, YEAR too | a bit each: unsigned |
/// | 2 | text | packed: the default collation; pairs of text column number, collation |
/// | 3 | text | packed: collation of each |
/// | 4 | any | name: packed length, text |
/// | 5 | SET | packed count, then members: packed length, bytes |
/// | 6 | ENUM | the same |
/// | 7 | GEOMETRY | packed: which kind of geometry |
/// | 8 | key | packed: column numbers of the primary key |
/// | 9 | key | packed: pairs of column number, length in characters of the part in the key, 0 all |
/// | 10, 11 | ENUM, SET | as 2, 3: collation of the members |
/// | 12 | any | a bit each: visible |
/// | 13 | VECTOR | packed: dimensions |
///
/// Text is CHAR, VARCHAR and BLOB of any kind; MySQL counts VECTOR in, MariaDB GEOMETRY.
///
/// How much there is, the source's `binlog_row_metadata` says: MariaDB writes nothing by default,
/// MySQL kinds 1, 2, 3, 7 and 13. Unknown kinds are passed over.
///
/// Source: MySQL source, `Table_map_event::Optional_metadata_field_type`; MariaDB source,
/// `Table_map_log_event`.
///
/// @param columns one entry a column, or none at all where the log tells nothing
/// @param primaryKey in key order; empty if the log names none: that says not that there is none
public record TableMetadata(List<Column> columns, List<KeyPart> primaryKey) {
    public static final TableMetadata NONE = new TableMetadata(List.of(), List.of());

    public TableMetadata {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
    }

    /// What the log tells of one column; each part is empty where it tells nothing.
    ///
    /// @param collation number, of text and of the members of ENUM and SET
    /// @param members of an ENUM or SET, as bytes in the collation's character set
    public record Column(
            Optional<String> name,
            Optional<Boolean> isUnsigned,
            OptionalInt collation,
            List<byte[]> members,
            Optional<Boolean> isVisible) {
        static final Column UNKNOWN =
                new Column(
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        List.of(),
                        Optional.empty());

        public Column {
            members = List.copyOf(members);
        }
    }

    /// @param column from 0
    /// @param prefixCharacters 0 if the whole column is in the key
    public record KeyPart(int column, int prefixCharacters) {}

    /// All that is known of a column; of one without any, nothing.
    public Column column(int number) {
        return number < columns.size() ? columns.get(number) : Column.UNKNOWN;
    }

    static TableMetadata decode(EventBody body, List<ColumnLayout> layouts, Flavour flavour) {
        if (body.remaining() == 0) {
            return NONE;
        }
        var gathered = new Gathering(body, layouts, flavour);
        while (body.remaining() > 0) {
            gathered.field();
        }
        return gathered.result();
    }

    /// The lists while they are read.
    private static final class Gathering {
        private static final String FIELD = "TableMapEvent.optionalMetadata";

        private final EventBody body;
        private final Flavour flavour;
        private final List<ColumnLayout> layouts;
        private final String[] names;
        private final Boolean[] unsigned;
        private final int[] collations;
        private final List<List<byte[]>> members = new ArrayList<>();
        private final Boolean[] visible;
        private final List<KeyPart> key = new ArrayList<>();
        private long end;

        Gathering(EventBody body, List<ColumnLayout> layouts, Flavour flavour) {
            this.body = body;
            this.flavour = flavour;
            this.layouts = layouts;
            int count = layouts.size();
            names = new String[count];
            unsigned = new Boolean[count];
            visible = new Boolean[count];
            collations = new int[count];
            for (int i = 0; i < count; i++) {
                members.add(List.of());
            }
        }

        void field() {
            int kind = body.uint8(FIELD);
            long length = body.packedInteger(FIELD);
            if (length < 0 || length > body.remaining()) {
                throw DamagedBinlogException.tooShort(
                        body.origin(), FIELD, length, body.remaining());
            }
            end = body.remaining() - length;
            switch (kind) {
                case 1 -> bits(unsigned, columnsOf(Gathering::isNumeric));
                case 2 -> defaultCollation(columnsOf(this::isText));
                case 3 -> columnCollations(columnsOf(this::isText));
                case 4 -> names();
                case 5 -> members(columnsOf(layout -> layout.type() == ColumnType.SET));
                case 6 -> members(columnsOf(layout -> layout.type() == ColumnType.ENUM));
                case 8 -> key(false);
                case 9 -> key(true);
                case 10 -> defaultCollation(columnsOf(Gathering::hasMembers));
                case 11 -> columnCollations(columnsOf(Gathering::hasMembers));
                case 12 -> bits(visible, columnsOf(_ -> true));
                // geometry kinds and vector dimensions say nothing that a value does not say
                default -> body.skip(FIELD, body.remaining() - end);
            }
            if (body.remaining() != end) {
                throw body.damaged(
                        FIELD,
                        "%s of kind %d".formatted(DamagedBinlogException.bytes(length), kind),
                        Long.toString(length + end - body.remaining()));
            }
        }

        private List<Integer> columnsOf(java.util.function.Predicate<ColumnLayout> isMeant) {
            var numbers = new ArrayList<Integer>();
            for (int i = 0; i < layouts.size(); i++) {
                if (isMeant.test(layouts.get(i))) {
                    numbers.add(i);
                }
            }
            return numbers;
        }

        private void bits(Boolean[] target, List<Integer> columns) {
            byte[] bits = body.bytes(FIELD, body.remaining() - end);
            if (bits.length != (columns.size() + 7) / 8) {
                throw body.damaged(
                        FIELD,
                        (columns.size() + 7) / 8 + " bytes of bits",
                        Integer.toString(bits.length));
            }
            for (int i = 0; i < columns.size(); i++) {
                target[columns.get(i)] = (bits[i / 8] & (0x80 >> (i % 8))) != 0;
            }
        }

        private void defaultCollation(List<Integer> columns) {
            int collation = collation();
            columns.forEach(column -> collations[column] = collation);
            while (body.remaining() > end) {
                int index = index(columns.size());
                collations[columns.get(index)] = collation();
            }
        }

        private void columnCollations(List<Integer> columns) {
            for (int column : columns) {
                collations[column] = collation();
            }
        }

        private int collation() {
            return (int) Math.min(body.packedInteger(FIELD), Integer.MAX_VALUE);
        }

        private int index(int count) {
            long index = body.packedInteger(FIELD);
            if (index < 0 || index >= count) {
                throw body.damaged(FIELD, "a column below " + count, Long.toUnsignedString(index));
            }
            return (int) index;
        }

        private void names() {
            for (int i = 0; i < names.length; i++) {
                names[i] = body.text(FIELD, body.packedInteger(FIELD), StandardCharsets.UTF_8);
            }
        }

        private void members(List<Integer> columns) {
            for (int column : columns) {
                long count = body.packedInteger(FIELD);
                var list = new ArrayList<byte[]>();
                for (long i = 0; i < count; i++) {
                    list.add(body.bytes(FIELD, body.packedInteger(FIELD)));
                }
                members.set(column, list);
            }
        }

        private void key(boolean hasPrefixes) {
            while (body.remaining() > end) {
                int column = index(layouts.size());
                long prefix = hasPrefixes ? body.packedInteger(FIELD) : 0;
                key.add(new KeyPart(column, (int) Math.min(prefix, Integer.MAX_VALUE)));
            }
        }

        TableMetadata result() {
            var columns = new ArrayList<Column>();
            for (int i = 0; i < names.length; i++) {
                columns.add(
                        new Column(
                                Optional.ofNullable(names[i]),
                                Optional.ofNullable(unsigned[i]),
                                collations[i] == 0
                                        ? OptionalInt.empty()
                                        : OptionalInt.of(collations[i]),
                                members.get(i),
                                Optional.ofNullable(visible[i])));
            }
            return new TableMetadata(columns, key);
        }

        private static boolean isNumeric(ColumnLayout layout) {
            return switch (layout.type()) {
                case TINY, SHORT, INT24, LONG, LONGLONG, NEWDECIMAL, FLOAT, DOUBLE, YEAR -> true;
                default -> false;
            };
        }

        private boolean isText(ColumnLayout layout) {
            return switch (layout.type()) {
                case STRING,
                        VAR_STRING,
                        VARCHAR,
                        VARCHAR_COMPRESSED,
                        TINY_BLOB,
                        BLOB,
                        MEDIUM_BLOB,
                        LONG_BLOB,
                        BLOB_COMPRESSED ->
                        true;
                case GEOMETRY -> flavour == Flavour.MARIADB;
                case VECTOR -> flavour == Flavour.MYSQL;
                default -> false;
            };
        }

        private static boolean hasMembers(ColumnLayout layout) {
            return layout.type() == ColumnType.ENUM || layout.type() == ColumnType.SET;
        }
    }
}
