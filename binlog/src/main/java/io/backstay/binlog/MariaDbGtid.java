package io.backstay.binlog;

/// MariaDB's name of one transaction: `domain-server-sequence`.
///
/// @param domainId unsigned 32 bits
/// @param serverId unsigned 32 bits
/// @param sequenceNumber unsigned 64 bits; compare with the `Long.*Unsigned` methods
public record MariaDbGtid(long domainId, long serverId, long sequenceNumber) implements Gtid {

    public MariaDbGtid {
        if (domainId < 0 || domainId > 0xFFFF_FFFFL || serverId < 0 || serverId > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException(
                    "domain and server are unsigned 32 bit numbers: " + domainId + "-" + serverId);
        }
    }

    /// @throws IllegalArgumentException if the text is not `domain-server-sequence`
    public static MariaDbGtid parse(String text) {
        String[] parts = text.strip().split("-", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException(
                    "not a MariaDB GTID: expected domain-server-sequence, found '" + text + "'");
        }
        try {
            return new MariaDbGtid(
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    Long.parseUnsignedLong(parts[2]));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "not a MariaDB GTID: expected three numbers, found '" + text + "'", e);
        }
    }

    @Override
    public String toString() {
        return domainId + "-" + serverId + "-" + Long.toUnsignedString(sequenceNumber);
    }
}
