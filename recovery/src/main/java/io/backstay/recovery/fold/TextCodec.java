package io.backstay.recovery.fold;

import io.backstay.binlog.ColumnLayout;
import io.backstay.binlog.ColumnType;
import io.backstay.binlog.value.JsonText;
import io.backstay.mysql.ColumnDefinition;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// For each column type, how its logged bytes become the text that `LOAD DATA ... CHARACTER SET
/// binary` takes and that a SELECT of the same value gives: raw bytes in the column's own character
/// set, times in UTC, FLOAT and DOUBLE as [Double#toString(double)].
///
/// BINARY is filled up with the zeros the log leaves out; BIT is its bytes; ENUM and SET are their
/// members' texts, an ENUM with an empty member is its number.
final class TextCodec {
    private static final Set<String> INTEGERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint");
    private static final Set<String> TEXTS =
            Set.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "json");
    private static final Set<String> BLOBS =
            Set.of("varbinary", "tinyblob", "blob", "mediumblob", "longblob");
    private static final Set<String> GEOMETRIES =
            Set.of(
                    "geometry",
                    "point",
                    "linestring",
                    "polygon",
                    "multipoint",
                    "multilinestring",
                    "multipolygon",
                    "geometrycollection");

    private TextCodec() {}

    /// A column that cannot be rendered, and why.
    static final class UnsupportedColumn extends Exception {
        private static final long serialVersionUID = 1L;

        UnsupportedColumn(String reason) {
            super(reason);
        }
    }

    /// @throws UnsupportedColumn for a type that is not rendered, or when log and definition differ
    static ColumnText of(ColumnDefinition column, ColumnLayout layout) throws UnsupportedColumn {
        int metadata = layout.metadata();
        String expected = column.dataType();
        ColumnType type = layout.type();
        return switch (type) {
            case TINY, SHORT, INT24, LONG, LONGLONG -> {
                require(INTEGERS.contains(expected), column, layout);
                yield column.isUnsigned() ? TextCodec::unsigned : TextCodec::signed;
            }
            case FLOAT -> {
                require(expected.equals("float"), column, layout);
                yield TextCodec::floating;
            }
            case DOUBLE -> {
                require(expected.equals("double"), column, layout);
                yield TextCodec::doubled;
            }
            case NEWDECIMAL -> {
                require(expected.equals("decimal"), column, layout);
                yield new DecimalText(metadata & 0xFF, metadata >> 8);
            }
            case DATE, NEWDATE -> {
                require(expected.equals("date"), column, layout);
                yield (s, at, _, out) -> TemporalText.date(s, at, out);
            }
            case YEAR -> {
                require(expected.equals("year"), column, layout);
                yield (s, at, _, out) -> TemporalText.year(s, at, out);
            }
            case TIME -> {
                require(column.columnType().equals("time"), column, layout);
                yield (s, at, _, out) -> TemporalText.oldTime(s, at, out);
            }
            case DATETIME -> {
                require(column.columnType().equals("datetime"), column, layout);
                yield (s, at, _, out) -> TemporalText.oldDateTime(s, at, out);
            }
            case TIMESTAMP -> {
                require(column.columnType().equals("timestamp"), column, layout);
                yield (s, at, _, out) -> TemporalText.oldTimestamp(s, at, out);
            }
            case TIME2 -> {
                require(expected.equals("time"), column, layout);
                yield (s, at, _, out) -> TemporalText.time(s, at, metadata, out);
            }
            case DATETIME2 -> {
                require(expected.equals("datetime"), column, layout);
                yield (s, at, _, out) -> TemporalText.dateTime(s, at, metadata, out);
            }
            case TIMESTAMP2 -> {
                require(expected.equals("timestamp"), column, layout);
                yield (s, at, _, out) -> TemporalText.timestamp(s, at, metadata, out);
            }
            case BIT -> {
                require(expected.equals("bit"), column, layout);
                yield TextCodec::raw;
            }
            case ENUM -> {
                require(expected.equals("enum"), column, layout);
                yield enumText(column);
            }
            case SET -> {
                require(expected.equals("set"), column, layout);
                yield setText(column);
            }
            case STRING -> {
                require(expected.equals("char") || expected.equals("binary"), column, layout);
                yield expected.equals("binary") ? padded(metadata) : TextCodec::raw;
            }
            case VARCHAR, VAR_STRING, TINY_BLOB, MEDIUM_BLOB, LONG_BLOB, BLOB -> {
                require(
                        TEXTS.contains(expected)
                                || BLOBS.contains(expected)
                                || GEOMETRIES.contains(expected),
                        column,
                        layout);
                yield TextCodec::raw;
            }
            case GEOMETRY -> {
                require(GEOMETRIES.contains(expected), column, layout);
                yield TextCodec::raw;
            }
            case JSON -> {
                require(expected.equals("json"), column, layout);
                yield TextCodec::json;
            }
            case VECTOR -> {
                require(expected.equals("vector"), column, layout);
                yield TextCodec::raw;
            }
            case DECIMAL, NULL, BLOB_COMPRESSED, VARCHAR_COMPRESSED ->
                    throw new UnsupportedColumn(
                            "column %s is of the type %s, which is not supported yet"
                                    .formatted(column.name(), type));
        };
    }

    private static void require(boolean holds, ColumnDefinition column, ColumnLayout layout)
            throws UnsupportedColumn {
        if (!holds) {
            throw new UnsupportedColumn(
                    "column %s is %s by its definition and %s in the log, which is not supported"
                            .formatted(column.name(), column.columnType(), layout.type()));
        }
    }

    private static void signed(MemorySegment s, long at, int length, RowBuffer out) {
        out.putDecimal(Bytes.signed(s, at, length));
    }

    private static void unsigned(MemorySegment s, long at, int length, RowBuffer out) {
        long value = Bytes.little(s, at, length);
        if (value < 0) {
            out.putAscii(Long.toUnsignedString(value));
        } else {
            out.putDecimal(value);
        }
    }

    private static void floating(MemorySegment s, long at, int length, RowBuffer out) {
        out.putAscii(Double.toString(Float.intBitsToFloat((int) Bytes.little(s, at, 4))));
    }

    private static void doubled(MemorySegment s, long at, int length, RowBuffer out) {
        out.putAscii(Double.toString(Double.longBitsToDouble(Bytes.little(s, at, 8))));
    }

    private static void raw(MemorySegment s, long at, int length, RowBuffer out) {
        out.putRaw(s, at, length);
    }

    private static void json(MemorySegment s, long at, int length, RowBuffer out) {
        byte[] text = JsonText.of(s, at, length).getBytes(StandardCharsets.UTF_8);
        out.putRaw(text, 0, text.length);
    }

    private static ColumnText padded(int columnBytes) {
        return (s, at, length, out) -> {
            out.putRaw(s, at, length);
            for (int i = length; i < columnBytes; i++) {
                out.put(0);
            }
        };
    }

    private static ColumnText enumText(ColumnDefinition column) throws UnsupportedColumn {
        if (column.columnType().contains("''")) {
            return (s, at, length, out) -> out.putDecimal(Bytes.little(s, at, length));
        }
        List<byte[]> members = members(column);
        return (s, at, length, out) -> {
            int number = (int) Bytes.little(s, at, length);
            if (number > 0 && number <= members.size()) {
                byte[] member = members.get(number - 1);
                out.putRaw(member, 0, member.length);
            }
        };
    }

    private static ColumnText setText(ColumnDefinition column) throws UnsupportedColumn {
        List<byte[]> members = members(column);
        return (s, at, length, out) -> {
            long bits = Bytes.little(s, at, length);
            int start = out.length();
            for (int i = 0; i < members.size(); i++) {
                if ((bits & (1L << i)) != 0) {
                    if (out.length() > start) {
                        out.put(',');
                    }
                    out.putRaw(members.get(i), 0, members.get(i).length);
                }
            }
        };
    }

    /// The members out of `enum('a','b')`, in the column's character set.
    private static List<byte[]> members(ColumnDefinition column) throws UnsupportedColumn {
        Charset charset =
                switch (column.characterSet().orElse("").toLowerCase(Locale.ROOT)) {
                    case "utf8mb4", "utf8mb3", "utf8" -> StandardCharsets.UTF_8;
                    case "latin1" -> Charset.forName("windows-1252");
                    case "ascii" -> StandardCharsets.US_ASCII;
                    default ->
                            throw new UnsupportedColumn(
                                    "column %s is an %s in the character set %s, which is not supported yet"
                                            .formatted(
                                                    column.name(),
                                                    column.dataType(),
                                                    column.characterSet().orElse("?")));
                };
        String type = column.columnType();
        if (type.contains("\\")) {
            throw new UnsupportedColumn(
                    "column %s has a member with a backslash, which is not supported yet"
                            .formatted(column.name()));
        }
        var members = new ArrayList<byte[]>();
        int at = type.indexOf('(') + 1;
        while (at < type.length() && type.charAt(at) == '\'') {
            var member = new StringBuilder();
            for (at++; at < type.length(); at++) {
                char c = type.charAt(at);
                if (c == '\'') {
                    if (at + 1 < type.length() && type.charAt(at + 1) == '\'') {
                        at++;
                    } else {
                        break;
                    }
                }
                member.append(c);
            }
            members.add(member.toString().getBytes(charset));
            at += 2;
        }
        return members;
    }
}
