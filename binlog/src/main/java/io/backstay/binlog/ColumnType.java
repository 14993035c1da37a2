package io.backstay.binlog;

import java.util.Optional;

/// Every column type a table map can name, with the bytes of metadata that follow for it.
///
/// | Type | Metadata | Bytes in a row image |
/// | --- | --- | --- |
/// | TINY, SHORT, INT24, LONG, LONGLONG | none | 1, 2, 3, 4, 8, little endian |
/// | FLOAT, DOUBLE | 1: length | 4, 8, IEEE little endian |
/// | YEAR | none | 1: year - 1900, 0 for 0000 |
/// | DATE, NEWDATE | none | 3: day 5 bits, month 4, year 15, little endian |
/// | TIME | none | 3: decimal HHMMSS, signed little endian |
/// | DATETIME | none | 8: decimal YYYYMMDDHHMMSS, little endian |
/// | TIMESTAMP | none | 4: Unix time, little endian |
/// | TIME2, DATETIME2, TIMESTAMP2 | 1: fraction digits | 3, 5, 4 and (digits+1)/2, big endian |
/// | NEWDECIMAL | 2: precision, scale | groups of nine digits, big endian |
/// | BIT | 2: bits % 8, bits / 8 | (bits+7)/8, big endian |
/// | VARCHAR, VAR_STRING | 2: longest length, bytes | 1 or 2 (longest > 255) of length, value |
/// | STRING | 2: real type and length, see [ColumnLayout] | as the real type |
/// | ENUM, SET (inside STRING) | | 1, 2; 1 to 8, little endian |
/// | TINY_BLOB ... LONG_BLOB, BLOB, JSON, GEOMETRY | 1: bytes of length | length, value |
/// | BLOB_COMPRESSED, VARCHAR_COMPRESSED | 1, 2 | as BLOB, VARCHAR; value compressed |
/// | VECTOR | 1: bytes of length | length, value |
///
/// Source: MySQL internals manual, "Table_map_log_event"; MariaDB knowledge base, "Rows Event".
public enum ColumnType {
    DECIMAL(0, 0),
    TINY(1, 0),
    SHORT(2, 0),
    LONG(3, 0),
    FLOAT(4, 1),
    DOUBLE(5, 1),
    NULL(6, 0),
    TIMESTAMP(7, 0),
    LONGLONG(8, 0),
    INT24(9, 0),
    DATE(10, 0),
    TIME(11, 0),
    DATETIME(12, 0),
    YEAR(13, 0),
    NEWDATE(14, 0),
    VARCHAR(15, 2),
    BIT(16, 2),
    TIMESTAMP2(17, 1),
    DATETIME2(18, 1),
    TIME2(19, 1),
    BLOB_COMPRESSED(140, 1),
    VARCHAR_COMPRESSED(141, 2),
    VECTOR(242, 1),
    JSON(245, 1),
    NEWDECIMAL(246, 2),
    ENUM(247, 2),
    SET(248, 2),
    TINY_BLOB(249, 1),
    MEDIUM_BLOB(250, 1),
    LONG_BLOB(251, 1),
    BLOB(252, 1),
    VAR_STRING(253, 2),
    STRING(254, 2),
    GEOMETRY(255, 1);

    private static final ColumnType[] BY_CODE = new ColumnType[256];

    static {
        for (ColumnType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final int metadataLengthBytes;

    ColumnType(int code, int metadataLengthBytes) {
        this.code = code;
        this.metadataLengthBytes = metadataLengthBytes;
    }

    public int code() {
        return code;
    }

    int metadataLengthBytes() {
        return metadataLengthBytes;
    }

    static Optional<ColumnType> find(int code) {
        return Optional.ofNullable(BY_CODE[code & 0xFF]);
    }
}
