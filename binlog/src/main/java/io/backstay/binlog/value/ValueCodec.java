package io.backstay.binlog.value;

import io.backstay.binlog.Collation;
import io.backstay.binlog.ColumnLayout;
import io.backstay.binlog.ColumnType;
import io.backstay.binlog.TableMetadata;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// One column's bytes to its exact text.
///
/// What the table map does not tell is not guessed: an integer of unknown sign whose first bit is
/// set is told both ways, `-1 (18446744073709551615)`; bytes of an unknown character set are text
/// only if they are printable ASCII, else hexadecimal digits; a member of an ENUM without its name
/// is its number. Text is decoded only if every byte has its character.
///
/// @param assumed character set of text of which the log tells none
public record ValueCodec(Optional<Charset> assumed) {
    /// Assumes nothing.
    public static final ValueCodec EXACT = new ValueCodec(Optional.empty());

    private static final HexFormat HEX = HexFormat.of();

    /// @param at the value's first byte, behind its length
    /// @throws BadValue if the bytes are no value of the type
    ColumnValue value(
            ColumnLayout layout, TableMetadata.Column column, MemorySegment s, long at, int length)
            throws BadValue {
        int low = layout.metadata() & 0xFF;
        return switch (layout.type()) {
            case TINY, SHORT, INT24, LONG, LONGLONG -> integer(column, s, at, length);
            case FLOAT -> plain(floatText(s, at));
            case DOUBLE ->
                    plain(Numbers.floating(Double.longBitsToDouble(Numbers.little(s, at, 8))));
            case NEWDECIMAL -> plain(DecimalValue.text(s, at, low, layout.metadata() >> 8));
            case YEAR -> plain(year((int) Numbers.little(s, at, 1)));
            case DATE, NEWDATE -> ColumnValue.text(TemporalValue.date(s, at));
            case TIME -> ColumnValue.text(TemporalValue.oldTime(s, at));
            case DATETIME -> ColumnValue.text(TemporalValue.oldDateTime(s, at));
            case TIMESTAMP -> ColumnValue.text(TemporalValue.timestamp(Numbers.little(s, at, 4)));
            case TIME2 -> ColumnValue.text(TemporalValue.time(s, at, low));
            case DATETIME2 -> ColumnValue.text(TemporalValue.dateTime(s, at, low));
            case TIMESTAMP2 -> ColumnValue.text(TemporalValue.timestamp(s, at, low));
            case BIT -> plain("b'" + Long.toBinaryString(Numbers.big(s, at, length)) + "'");
            case ENUM -> enumeration(column, Numbers.little(s, at, length));
            case SET -> set(column, Numbers.little(s, at, length));
            case VARCHAR, VAR_STRING, TINY_BLOB, MEDIUM_BLOB, LONG_BLOB, BLOB ->
                    text(column, s.asSlice(at, length), 0);
            case STRING -> text(column, s.asSlice(at, length), layout.metadata());
            case VARCHAR_COMPRESSED, BLOB_COMPRESSED ->
                    text(column, CompressedColumn.value(s, at, length), 0);
            case JSON -> new ColumnValue(ColumnValue.Kind.JSON, JsonBinary.text(s, at, length));
            case GEOMETRY -> geometry(s.asSlice(at, length));
            case VECTOR -> vector(s, at, length);
            case NULL, DECIMAL ->
                    throw new BadValue("a type of this century", layout.type().name());
        };
    }

    private static ColumnValue plain(String text) {
        return ColumnValue.plain(text);
    }

    private static ColumnValue integer(
            TableMetadata.Column column, MemorySegment s, long at, int length) {
        long unsigned = Numbers.little(s, at, length);
        long signed = Numbers.signExtended(unsigned, length);
        if (signed >= 0) {
            return plain(Long.toString(signed));
        }
        String all = Long.toUnsignedString(unsigned);
        return plain(
                column.isUnsigned()
                        .map(isUnsigned -> isUnsigned ? all : Long.toString(signed))
                        .orElse(signed + " (" + all + ")"));
    }

    private static String floatText(MemorySegment s, long at) {
        return Numbers.floating(Float.intBitsToFloat((int) Numbers.little(s, at, 4)));
    }

    private static String year(int value) {
        return value == 0 ? "0000" : Integer.toString(1900 + value);
    }

    private ColumnValue enumeration(TableMetadata.Column column, long number) {
        List<byte[]> members = column.members();
        if (number == 0) {
            return ColumnValue.text("");
        }
        return number > 0 && number <= members.size()
                ? text(column, MemorySegment.ofArray(members.get((int) number - 1)), 0)
                : plain(Long.toString(number));
    }

    private ColumnValue set(TableMetadata.Column column, long bits) {
        List<byte[]> members = column.members();
        if (bits == 0) {
            return ColumnValue.text("");
        }
        if (64 - Long.numberOfLeadingZeros(bits) > members.size()) {
            return plain(Long.toUnsignedString(bits));
        }
        var names = new ArrayList<String>();
        for (int i = 0; i < members.size(); i++) {
            if ((bits & (1L << i)) != 0) {
                ColumnValue name = text(column, MemorySegment.ofArray(members.get(i)), 0);
                if (name.kind() != ColumnValue.Kind.TEXT) {
                    return plain(Long.toUnsignedString(bits));
                }
                names.add(name.text());
            }
        }
        return ColumnValue.text(String.join(",", names));
    }

    /// @param columnBytes of a BINARY column, whose zeros at the end are not logged; else 0
    private ColumnValue text(TableMetadata.Column column, MemorySegment value, int columnBytes) {
        byte[] bytes = value.toArray(ValueLayout.JAVA_BYTE);
        Optional<Collation> collation =
                column.collation().isPresent()
                        ? Collation.find(column.collation().getAsInt())
                        : Optional.empty();
        if (collation.isPresent() && collation.get().isBinary()) {
            String zeros = "00".repeat(Math.max(0, columnBytes - bytes.length));
            return new ColumnValue(ColumnValue.Kind.HEX, HEX.formatHex(bytes) + zeros);
        }
        Optional<Charset> charset =
                column.collation().isPresent() ? collation.flatMap(Collation::charset) : assumed;
        Optional<String> text =
                charset.isPresent() ? decoded(bytes, charset.get()) : printable(bytes);
        return text.map(ColumnValue::text)
                .orElseGet(() -> new ColumnValue(ColumnValue.Kind.HEX, HEX.formatHex(bytes)));
    }

    private static Optional<String> decoded(byte[] bytes, Charset charset) {
        try {
            return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> printable(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0x20 || b == 0x7F) {
                return Optional.empty();
            }
        }
        return Optional.of(new String(bytes, java.nio.charset.StandardCharsets.US_ASCII));
    }

    /// 4 bytes of spatial reference system, then well-known binary.
    private static ColumnValue geometry(MemorySegment value) {
        byte[] bytes = value.toArray(ValueLayout.JAVA_BYTE);
        if (bytes.length < 5) {
            return new ColumnValue(ColumnValue.Kind.HEX, HEX.formatHex(bytes));
        }
        return plain(
                "ST_GeomFromWKB(x'%s', %d)"
                        .formatted(
                                HEX.formatHex(bytes, 4, bytes.length),
                                Numbers.little(value, 0, 4)));
    }

    private static ColumnValue vector(MemorySegment s, long at, int length) throws BadValue {
        if (length % 4 != 0) {
            throw new BadValue("a vector of 4 bytes a dimension", length + " bytes");
        }
        var numbers = new ArrayList<String>();
        for (int i = 0; i < length; i += 4) {
            numbers.add(floatText(s, at + i));
        }
        return plain("[" + String.join(",", numbers) + "]");
    }

    /// The differences that stand in the place of a JSON value.
    static ColumnValue differences(MemorySegment s, long at, int length) throws BadValue {
        return new ColumnValue(
                ColumnValue.Kind.JSON_DIFFERENCES, JsonDifferences.text(s, at, length));
    }

    static boolean isJson(ColumnLayout layout) {
        return layout.type() == ColumnType.JSON;
    }
}
