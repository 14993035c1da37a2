package io.backstay.binlog;

import java.util.Optional;
import java.util.OptionalLong;

/// MariaDB's begin of a transaction or of a lone statement.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 8 | sequence number, unsigned |
/// | 8 | 4 | domain |
/// | 12 | 1 | `flags` |
/// | 13 | 8 | commit id, if flag 2 |
/// | then | 4, 1, 1, n | XA format id, lengths of the two parts, the parts; if flag 64 or 128 |
/// | then | 1 | `extraFlags`, from 10.8 on |
/// | then | 1 | engines that take part beside the first, if extra flag 1 |
/// | then | 8 | sequence number of the ALTER's begin, if extra flag 4 or 8 |
/// | then | 4 | `threadId`, if extra flag 16 |
///
/// The server of the GTID is the one of the event's header. An event may end behind any field from
/// the commit id on and is filled up with zeros then. Source: MariaDB knowledge base, "GTID_EVENT";
/// server source, `Gtid_log_event`.
///
/// @param xa of either half of a two-phase XA transaction
/// @param threadId session of the change, from 11.5 on
public record GtidEvent(
        MariaDbGtid gtid, int flags, Optional<XaIdentifier> xa, OptionalLong threadId)
        implements BinlogEvent {
    private static final int STANDALONE = 1;
    private static final int GROUP_COMMIT = 2;
    private static final int DDL = 32;
    private static final int PREPARED_XA = 64;
    private static final int COMPLETED_XA = 128;
    private static final int EXTRA_ENGINES = 1;
    private static final int EXTRA_ALTER_ENDS = 4 | 8;
    private static final int EXTRA_THREAD = 16;

    public GtidEvent(MariaDbGtid gtid, int flags) {
        this(gtid, flags, Optional.empty(), OptionalLong.empty());
    }

    static GtidEvent decode(EventBody body, long serverId) {
        long sequenceNumber = body.uint64("GtidEvent.sequenceNumber");
        long domain = body.uint32("GtidEvent.domainId");
        int flags = body.uint8("GtidEvent.flags");
        var gtid = new MariaDbGtid(domain, serverId, sequenceNumber);
        if ((flags & GROUP_COMMIT) != 0) {
            body.skip("GtidEvent.commitId", 8);
        }
        Optional<XaIdentifier> xa = Optional.empty();
        if ((flags & (PREPARED_XA | COMPLETED_XA)) != 0) {
            long format = body.uint32("GtidEvent.xaFormatId");
            int global = body.uint8("GtidEvent.xaGlobalLength");
            int branch = body.uint8("GtidEvent.xaBranchLength");
            xa = Optional.of(XaIdentifier.decode(body, "GtidEvent.xa", format, global, branch));
        }
        return new GtidEvent(gtid, flags, xa, threadId(body));
    }

    private static OptionalLong threadId(EventBody body) {
        if (body.remaining() == 0) {
            return OptionalLong.empty();
        }
        int extra = body.uint8("GtidEvent.extraFlags");
        if ((extra & EXTRA_ENGINES) != 0) {
            body.skip("GtidEvent.extraEngines", 1);
        }
        if ((extra & EXTRA_ALTER_ENDS) != 0) {
            body.skip("GtidEvent.alterBegin", 8);
        }
        return (extra & EXTRA_THREAD) != 0
                ? OptionalLong.of(body.uint32("GtidEvent.threadId"))
                : OptionalLong.empty();
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

    /// The first half of an XA transaction: its changes count when it is committed later.
    public boolean isXaPrepare() {
        return (flags & PREPARED_XA) != 0;
    }
}
