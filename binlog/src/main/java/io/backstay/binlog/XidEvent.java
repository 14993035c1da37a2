package io.backstay.binlog;

/// The commit of a transaction of a transactional engine.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 8 | `xid`, the engine's number of the transaction, unsigned |
///
/// Source: MySQL internals manual, `XID_EVENT`; MariaDB knowledge base, "XID_EVENT".
public record XidEvent(long xid) implements BinlogEvent {

    static XidEvent decode(EventBody body) {
        return new XidEvent(body.uint64("XidEvent.xid"));
    }
}
