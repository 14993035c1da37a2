package io.backstay.binlog;

import java.util.HexFormat;

/// From here on all events of a MariaDB file are encrypted, see [EncryptedEvents].
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 1 | `scheme`, 1 |
/// | 1 | 4 | `keyVersion` |
/// | 5 | 12 | `nonce` |
///
/// Source: MariaDB knowledge base, "START_ENCRYPTION_EVENT".
///
/// @param nonce hexadecimal digits
public record StartEncryptionEvent(int scheme, long keyVersion, String nonce)
        implements BinlogEvent {
    private static final int NONCE_BYTES = 12;

    static StartEncryptionEvent decode(EventBody body) {
        return new StartEncryptionEvent(
                body.uint8("StartEncryptionEvent.scheme"),
                body.uint32("StartEncryptionEvent.keyVersion"),
                HexFormat.of().formatHex(body.bytes("StartEncryptionEvent.nonce", NONCE_BYTES)));
    }
}
