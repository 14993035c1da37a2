package io.backstay.binlog;

/// MariaDB's begin of a transaction or of a lone statement.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 8 | sequence number, unsigned |
/// | 8 | 4 | domain |
/// | 12 | 1 | `flags` |
/// | 13 | 8 | commit id, if flag 2 |
/// | then | | XA identifier, if flag 64 or 128 |
/// | then | | extra flags and their fields, from 10.8 on |
///
/// The server of the GTID is the one of the event's header. What follows the flags is not read.
/// Source: MariaDB knowledge base, "GTID_EVENT"; server source, `Gtid_log_event`.
public record GtidEvent(MariaDbGtid gtid, int flags) implements BinlogEvent {
    private static final int STANDALONE = 1;
    private static final int DDL = 32;
    private static final int PREPARED_XA = 64;
    private static final int COMPLETED_XA = 128;

    static GtidEvent decode(EventBody body, long serverId) {
        long sequenceNumber = body.uint64("GtidEvent.sequenceNumber");
        long domain = body.uint32("GtidEvent.domainId");
        return new GtidEvent(
                new MariaDbGtid(domain, serverId, sequenceNumber), body.uint8("GtidEvent.flags"));
    }

    /// One statement without a commit event behind it.
    public boolean isStandalone() {
        return (flags & STANDALONE) != 0;
    }

    public boolean isDdl() {
        return (flags & DDL) != 0;
    }

    /// Either half of a two-phase XA transaction.
    public boolean isXa() {
        return (flags & (PREPARED_XA | COMPLETED_XA)) != 0;
    }
}
