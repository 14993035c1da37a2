package io.backstay.binlog;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// MySQL's begin of a transaction, with its GTID or, while GTIDs are off, without one.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 1 | `flags`; 1: the transaction may hold statements |
/// | 1 | 16 | UUID of the source, zeros if anonymous |
/// | 17 | 8 | number, 0 if anonymous |
/// | 25 | 1 | 2: the two clocks follow (from 5.7 on) |
/// | 26 | 8 | `lastCommitted`, logical clock of the newest transaction this one depends on |
/// | 34 | 8 | `sequenceNumber`, logical clock in this file |
/// | 42 | 7 | immediate commit time, microseconds since 1970; top bit: the original one follows |
/// | 49 | 7 | original commit time, if told to |
/// | then | packed | length of the whole transaction, bytes |
/// | then | 4 | version of this server; top bit: the original one follows |
/// | then | 4 | version of the original server, if told to |
/// | then | 8 | commit group ticket, from 8.0.26 on in group replication |
///
/// Each field from offset 25 on may be missing with all that follow: older servers end there. From
/// 8.3 on a tagged GTID comes in [EventType#GTID_TAGGED], in the layout of [TaggedFields].
///
/// Source: MySQL source, `Gtid_event` of `libs/mysql/binlog/event/control_events.h`.
///
/// @param gtid empty for an anonymous transaction
/// @param lastCommitted 0 where the server is older than 5.7
/// @param commitMicros of the original commit, since 1970; empty before 8.0
/// @param transactionLengthBytes this event included; empty before 8.0
public record MySqlGtidEvent(
        Optional<MySqlGtid> gtid,
        int flags,
        long lastCommitted,
        long sequenceNumber,
        OptionalLong commitMicros,
        OptionalLong transactionLengthBytes)
        implements BinlogEvent {
    private static final long ANOTHER_FOLLOWS = 1L << 55;
    private static final int CLOCKS_FOLLOW = 2;

    static MySqlGtidEvent decode(EventBody body, boolean isAnonymous) {
        int flags = body.uint8("MySqlGtidEvent.flags");
        UUID source = body.uuid("MySqlGtidEvent.source");
        long number = body.uint64("MySqlGtidEvent.number");
        Optional<MySqlGtid> gtid =
                isAnonymous ? Optional.empty() : Optional.of(gtid(body, source, "", number));
        if (body.remaining() < 17 || body.uint8("MySqlGtidEvent.clocks") != CLOCKS_FOLLOW) {
            return new MySqlGtidEvent(
                    gtid, flags, 0, 0, OptionalLong.empty(), OptionalLong.empty());
        }
        long lastCommitted = body.uint64("MySqlGtidEvent.lastCommitted");
        long sequenceNumber = body.uint64("MySqlGtidEvent.sequenceNumber");
        OptionalLong micros = OptionalLong.empty();
        OptionalLong length = OptionalLong.empty();
        if (body.remaining() >= 7) {
            long immediate = body.uint56("MySqlGtidEvent.immediateCommitMicros");
            boolean isReplicated = (immediate & ANOTHER_FOLLOWS) != 0;
            micros =
                    OptionalLong.of(
                            isReplicated
                                    ? body.uint56("MySqlGtidEvent.originalCommitMicros")
                                    : immediate);
        }
        if (body.remaining() > 0) {
            length = OptionalLong.of(body.packedInteger("MySqlGtidEvent.transactionLengthBytes"));
        }
        return new MySqlGtidEvent(gtid, flags, lastCommitted, sequenceNumber, micros, length);
    }

    /// Fields by their number: 0 flags, 1 UUID, 2 number, 3 tag, 4 lastCommitted, 5 sequenceNumber,
    /// 6 immediate and 7 original commit time, 8 length, 9 and 10 versions, 11 ticket.
    static MySqlGtidEvent decodeTagged(EventBody body) {
        var fields = new TaggedFields(body, "MySqlGtidEvent");
        int flags = 0;
        UUID source = new UUID(0, 0);
        long number = 0;
        String tag = "";
        long lastCommitted = 0;
        long sequenceNumber = 0;
        OptionalLong immediate = OptionalLong.empty();
        OptionalLong original = OptionalLong.empty();
        OptionalLong length = OptionalLong.empty();
        for (int field = fields.next(); field != TaggedFields.END; field = fields.next()) {
            switch (field) {
                case 0 -> flags = (int) fields.unsigned();
                case 1 -> source = fields.uuid();
                case 2 -> number = fields.signed();
                case 3 -> tag = fields.text();
                case 4 -> lastCommitted = fields.signed();
                case 5 -> sequenceNumber = fields.signed();
                case 6 -> immediate = OptionalLong.of(fields.unsigned());
                case 7 -> original = OptionalLong.of(fields.unsigned());
                case 8 -> length = OptionalLong.of(fields.unsigned());
                case 9, 10, 11 -> fields.unsigned();
                default ->
                        throw body.damaged(
                                "MySqlGtidEvent.field", "a field from 0 to 11", "field " + field);
            }
        }
        return new MySqlGtidEvent(
                Optional.of(gtid(body, source, tag, number)),
                flags,
                lastCommitted,
                sequenceNumber,
                original.isPresent() ? original : immediate,
                length);
    }

    private static MySqlGtid gtid(EventBody body, UUID source, String tag, long number) {
        try {
            return new MySqlGtid(source, tag, number);
        } catch (IllegalArgumentException e) {
            throw body.damaged("MySqlGtidEvent.gtid", "a GTID", String.valueOf(e.getMessage()));
        }
    }
}
