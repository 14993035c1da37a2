package io.backstay.recovery.fold;

import io.backstay.binlog.ColumnLayout;
import io.backstay.mysql.ColumnDefinition;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// One column of a primary key, as bytes: the same from a row image and from LOAD DATA text, and
/// different for rows that a table can hold at once.
///
/// Bytes as they are stored, not as a collation compares them: an image before holds the stored
/// bytes, and a key that compares equal but is spelled otherwise can only come when this one went.
/// An integer is 8 bytes, big-endian, the sign of a signed one turned round, so that the order of
/// the bytes is that of the numbers. All else is its text, each zero byte followed by `FF`, and `00
/// 01` at its end, so that no part is the beginning of another one.
final class KeyPart {
    private final int column;
    private final boolean isInteger;
    private final boolean isUnsigned;
    private final ColumnText text;

    private KeyPart(int column, boolean isInteger, boolean isUnsigned, ColumnText text) {
        this.column = column;
        this.isInteger = isInteger;
        this.isUnsigned = isUnsigned;
        this.text = text;
    }

    /// @param column its number in the table, from 0
    static KeyPart of(ColumnDefinition definition, ColumnLayout layout, int column)
            throws TextCodec.UnsupportedColumn {
        boolean isInteger =
                switch (definition.dataType()) {
                    case "tinyint", "smallint", "mediumint", "int", "bigint" -> true;
                    default -> false;
                };
        return new KeyPart(
                column, isInteger, definition.isUnsigned(), TextCodec.of(definition, layout));
    }

    int column() {
        return column;
    }

    boolean isInteger() {
        return isInteger;
    }

    boolean isUnsigned() {
        return isUnsigned;
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
            putInteger(integer(s, at, lengthBytes), out);
            return;
        }
        int start = out.length();
        text.write(s, at, lengthBytes, out);
        end(start, out);
    }

    /// @param from of the field in LOAD DATA text
    void fromText(byte[] line, int from, int to, RowBuffer out) {
        if (isInteger) {
            putInteger(integer(line, from, to), out);
            return;
        }
        int start = out.length();
        out.putUnescaped(line, from, to);
        end(start, out);
    }

    void putInteger(long value, RowBuffer out) {
        out.putBigEndian(isUnsigned ? value : value ^ Long.MIN_VALUE);
    }

    private static void end(int start, RowBuffer out) {
        out.escapeZeros(start);
        out.put(0);
        out.put(1);
    }
}
