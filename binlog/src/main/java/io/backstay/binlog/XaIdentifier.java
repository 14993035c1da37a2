package io.backstay.binlog;

import java.util.HexFormat;

/// The name that a transaction manager gave an XA transaction.
///
/// @param global hexadecimal digits of up to 64 bytes
/// @param branch the same
public record XaIdentifier(long formatId, String global, String branch) {
    private static final int PART_BYTES_MAX = 64;

    static XaIdentifier decode(
            EventBody body, String field, long formatId, long globalBytes, long branchBytes) {
        if (globalBytes > PART_BYTES_MAX || branchBytes > PART_BYTES_MAX) {
            throw body.damaged(
                    field, "two parts of at most 64 bytes", globalBytes + " and " + branchBytes);
        }
        return new XaIdentifier(
                formatId,
                HexFormat.of().formatHex(body.bytes(field, globalBytes)),
                HexFormat.of().formatHex(body.bytes(field, branchBytes)));
    }

    /// As the statements XA COMMIT and XA ROLLBACK take it.
    @Override
    public String toString() {
        return "X'" + global + "',X'" + branch + "'," + formatId;
    }
}
