package io.backstay.binlog;

/// How one column's value lies in a row image: its type, and how long it is.
///
/// @param type for CHAR, BINARY, ENUM and SET the real type taken out of STRING's metadata
/// @param metadata as logged, the first byte low (NEWDECIMAL: precision low, scale high); for
///   STRING, ENUM and SET the longest length in bytes
/// @param fixedLengthBytes the value's length; -1 if a length stands before each value
/// @param lengthPrefixBytes bytes of that length, little endian; 0 for a fixed length
public record ColumnLayout(
        ColumnType type, int metadata, int fixedLengthBytes, int lengthPrefixBytes) {
    private static final int[] DECIMAL_REST_BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

    /// @param code of the type
    /// @param body stands before the column's metadata
    static ColumnLayout decode(int code, EventBody body) {
        ColumnType type =
                ColumnType.find(code)
                        .orElseThrow(
                                () ->
                                        body.damaged(
                                                "TableMapEvent.columnTypes",
                                                "a known column type",
                                                "type " + code));
        int metadata = 0;
        for (int i = 0; i < type.metadataLengthBytes(); i++) {
            metadata |= body.uint8("TableMapEvent.metadata") << (8 * i);
        }
        return of(type, metadata, body);
    }

    private static ColumnLayout of(ColumnType type, int metadata, EventBody body) {
        int low = metadata & 0xFF;
        int high = metadata >> 8;
        return switch (type) {
            case TINY, YEAR -> fixed(type, metadata, 1);
            case SHORT -> fixed(type, metadata, 2);
            case INT24, DATE, NEWDATE, TIME -> fixed(type, metadata, 3);
            case LONG, TIMESTAMP -> fixed(type, metadata, 4);
            case LONGLONG, DATETIME -> fixed(type, metadata, 8);
            case NULL -> fixed(type, metadata, 0);
            case FLOAT, DOUBLE -> {
                int expected = type == ColumnType.FLOAT ? 4 : 8;
                if (low != expected) {
                    throw wrong(body, type + " of " + expected + " bytes", low + " bytes");
                }
                yield fixed(type, metadata, expected);
            }
            case TIME2 -> fixed(type, metadata, 3 + fractionBytes(low, body));
            case TIMESTAMP2 -> fixed(type, metadata, 4 + fractionBytes(low, body));
            case DATETIME2 -> fixed(type, metadata, 5 + fractionBytes(low, body));
            case NEWDECIMAL -> {
                if (low > 65 || high > 38 || high > low || low == 0) {
                    throw wrong(body, "a precision and scale", low + "," + high);
                }
                yield fixed(type, metadata, decimalBytes(low - high) + decimalBytes(high));
            }
            case BIT -> {
                int bits = high * 8 + low;
                if (low > 7 || bits > 64 || bits == 0) {
                    throw wrong(body, "1 to 64 bits", Integer.toString(bits));
                }
                yield fixed(type, bits, (bits + 7) / 8);
            }
            case VARCHAR, VAR_STRING, VARCHAR_COMPRESSED ->
                    prefixed(type, metadata, metadata > 255 ? 2 : 1);
            case TINY_BLOB,
                    MEDIUM_BLOB,
                    LONG_BLOB,
                    BLOB,
                    BLOB_COMPRESSED,
                    JSON,
                    GEOMETRY,
                    VECTOR -> {
                if (low < 1 || low > 4) {
                    throw wrong(body, "1 to 4 bytes of length", Integer.toString(low));
                }
                yield prefixed(type, metadata, low);
            }
            case STRING, ENUM, SET -> string(low, high, body);
            case DECIMAL -> throw wrong(body, "a type of this century", "DECIMAL of MySQL 4");
        };
    }

    /// The first metadata byte is the real type; for CHAR longer than 255 bytes, bits 4 and 5 of it
    /// hold the inverted bits 8 and 9 of the length.
    private static ColumnLayout string(int first, int second, EventBody body) {
        int code = first | 0x30;
        int length = second | (((first & 0x30) ^ 0x30) << 4);
        ColumnType real = ColumnType.find(code).orElse(ColumnType.DECIMAL);
        if (real == ColumnType.ENUM || real == ColumnType.SET) {
            if (second < 1 || second > (real == ColumnType.ENUM ? 2 : 8)) {
                throw wrong(body, real + " of a possible length", second + " bytes");
            }
            return fixed(real, second, second);
        }
        if (real != ColumnType.STRING) {
            throw wrong(body, "STRING, ENUM or SET", "type " + first);
        }
        return prefixed(real, length, length > 255 ? 2 : 1);
    }

    private static int fractionBytes(int digits, EventBody body) {
        if (digits > 6) {
            throw wrong(body, "0 to 6 fraction digits", Integer.toString(digits));
        }
        return (digits + 1) / 2;
    }

    private static int decimalBytes(int digits) {
        return digits / 9 * 4 + DECIMAL_REST_BYTES[digits % 9];
    }

    private static ColumnLayout fixed(ColumnType type, int metadata, int lengthBytes) {
        return new ColumnLayout(type, metadata, lengthBytes, 0);
    }

    private static ColumnLayout prefixed(ColumnType type, int metadata, int prefixBytes) {
        return new ColumnLayout(type, metadata, -1, prefixBytes);
    }

    private static DamagedBinlogException wrong(EventBody body, String expected, String found) {
        return body.damaged("TableMapEvent.metadata", expected, found);
    }
}
