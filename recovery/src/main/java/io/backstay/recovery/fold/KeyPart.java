package io.backstay.recovery.fold;

import io.backstay.binlog.ColumnLayout;
import io.backstay.mysql.ColumnDefinition;
import io.backstay.mysql.KeyColumn;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// One column of a primary key, as bytes that are equal if and only if the server holds the values
/// equal; the same from a row image and from LOAD DATA text.
///
/// | Type | Identity |
/// | --- | --- |
/// | integers | 8 bytes, little endian |
/// | DECIMAL, dates, times | their text |
/// | BIT, VARBINARY, CHAR and VARCHAR in a `_nopad_bin` collation | the bytes |
/// | BINARY | the bytes without zeros at the end |
/// | CHAR, VARCHAR in another `_bin` collation | the bytes without spaces at the end |
///
/// All but integers with their length in four bytes before them.
final class KeyPart {
    private static final Set<String> WIDE_CHARSETS = Set.of("ucs2", "utf16", "utf16le", "utf32");
    private static final int NO_PADDING = -1;

    private final int column;
    private final boolean isInteger;
    private final boolean isUnsigned;
    private final int padding;
    private final ColumnText text;

    private KeyPart(
            int column, boolean isInteger, boolean isUnsigned, int padding, ColumnText text) {
        this.column = column;
        this.isInteger = isInteger;
        this.isUnsigned = isUnsigned;
        this.padding = padding;
        this.text = text;
    }

    /// @param column its number in the table, from 0
    /// @throws TextCodec.UnsupportedColumn if equal values could have different bytes
    static KeyPart of(KeyColumn key, ColumnDefinition definition, ColumnLayout layout, int column)
            throws TextCodec.UnsupportedColumn {
        ColumnText text = TextCodec.of(definition, layout);
        if (key.prefixLength().isPresent()) {
            throw refused(definition, "is only in part in the primary key");
        }
        return switch (definition.dataType()) {
            case "tinyint", "smallint", "mediumint", "int", "bigint" ->
                    new KeyPart(column, true, definition.isUnsigned(), NO_PADDING, text);
            case "decimal", "date", "time", "datetime", "timestamp", "year", "bit", "varbinary" ->
                    new KeyPart(column, false, false, NO_PADDING, text);
            case "binary" -> new KeyPart(column, false, false, 0, text);
            case "char", "varchar" ->
                    new KeyPart(column, false, false, paddingOf(definition), text);
            default -> throw refused(definition, "is of the type " + definition.dataType());
        };
    }

    private static int paddingOf(ColumnDefinition definition) throws TextCodec.UnsupportedColumn {
        String collation = definition.collation().orElse("?").toLowerCase(Locale.ROOT);
        if (!collation.endsWith("_bin")
                || WIDE_CHARSETS.contains(
                        definition.characterSet().orElse("?").toLowerCase(Locale.ROOT))) {
            throw refused(
                    definition,
                    "compares by the collation "
                            + collation
                            + ", where unequal bytes may be equal");
        }
        return collation.endsWith("_nopad_bin") ? NO_PADDING : ' ';
    }

    private static TextCodec.UnsupportedColumn refused(ColumnDefinition definition, String reason) {
        return new TextCodec.UnsupportedColumn(
                "its primary key's column %s %s; such keys are not supported yet"
                        .formatted(definition.name(), reason));
    }

    int column() {
        return column;
    }

    boolean isInteger() {
        return isInteger;
    }

    long integer(MemorySegment s, long at, int lengthBytes) {
        return isUnsigned ? Bytes.little(s, at, lengthBytes) : Bytes.signed(s, at, lengthBytes);
    }

    long integer(byte[] line, int from, int to) {
        String digits = new String(line, from, to - from, StandardCharsets.US_ASCII);
        return isUnsigned ? Long.parseUnsignedLong(digits) : Long.parseLong(digits);
    }

    void fromImage(MemorySegment s, long at, int lengthBytes, RowBuffer out) {
        if (isInteger) {
            out.putInt64(integer(s, at, lengthBytes));
            return;
        }
        int start = begin(out);
        text.write(s, at, lengthBytes, out);
        end(start, out);
    }

    /// @param from of the field in LOAD DATA text
    void fromText(byte[] line, int from, int to, RowBuffer out) {
        if (isInteger) {
            out.putInt64(integer(line, from, to));
            return;
        }
        int start = begin(out);
        out.putUnescaped(line, from, to);
        end(start, out);
    }

    private static int begin(RowBuffer out) {
        int start = out.length();
        for (int i = 0; i < 4; i++) {
            out.put(0);
        }
        return start;
    }

    private void end(int start, RowBuffer out) {
        if (padding != NO_PADDING) {
            out.stripTrailing(start + 4, padding);
        }
        out.putInt32(start, out.length() - start - 4);
    }
}
