package io.backstay.binlog;

import java.util.ArrayList;

/// Behind a file's format description: what all earlier files of that server hold.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 4 | count in the low 28 bits, flags in the high four |
/// | 4 | 16 each | domain (4), server (4), sequence number (8) |
///
/// Source: MariaDB knowledge base, "GTID_LIST_EVENT".
public record GtidListEvent(MariaDbGtidState state, int flags) implements BinlogEvent {

    static GtidListEvent decode(EventBody body) {
        long countAndFlags = body.uint32("GtidListEvent.count");
        long count = countAndFlags & 0x0FFF_FFFF;
        if (count * 16 > body.remaining()) {
            throw DamagedBinlogException.tooShort(
                    body.origin(), "GtidListEvent.gtids", count * 16, body.remaining());
        }
        var gtids = new ArrayList<MariaDbGtid>();
        for (long i = 0; i < count; i++) {
            long domain = body.uint32("GtidListEvent.domainId");
            long server = body.uint32("GtidListEvent.serverId");
            gtids.add(new MariaDbGtid(domain, server, body.uint64("GtidListEvent.sequenceNumber")));
        }
        return new GtidListEvent(MariaDbGtidState.of(gtids), (int) (countAndFlags >>> 28));
    }
}
