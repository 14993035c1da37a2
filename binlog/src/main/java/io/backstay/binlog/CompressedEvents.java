package io.backstay.binlog;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// MariaDB's compressed events (`log_bin_compress`): a head as in the plain event of the same kind,
/// then what follows there as a [CompressedRecord].
final class CompressedEvents {
    private static final int QUERY_HEAD_BYTES = 13;

    private CompressedEvents() {}

    /// Which event is in one of this type; empty if it is not compressed.
    static Optional<EventType> plain(int typeCode) {
        return EventType.find(typeCode)
                .flatMap(
                        type ->
                                switch (type) {
                                    case QUERY_COMPRESSED -> Optional.of(EventType.QUERY);
                                    case WRITE_ROWS_COMPRESSED_V1 ->
                                            Optional.of(EventType.WRITE_ROWS_V1);
                                    case UPDATE_ROWS_COMPRESSED_V1 ->
                                            Optional.of(EventType.UPDATE_ROWS_V1);
                                    case DELETE_ROWS_COMPRESSED_V1 ->
                                            Optional.of(EventType.DELETE_ROWS_V1);
                                    case WRITE_ROWS_COMPRESSED ->
                                            Optional.of(EventType.WRITE_ROWS_V2);
                                    case UPDATE_ROWS_COMPRESSED ->
                                            Optional.of(EventType.UPDATE_ROWS_V2);
                                    case DELETE_ROWS_COMPRESSED ->
                                            Optional.of(EventType.DELETE_ROWS_V2);
                                    default -> Optional.empty();
                                });
    }

    /// The event that a reader stands on, plain, without a checksum; its size is still that of the
    /// compressed one.
    static byte[] inflate(BinlogReader reader, EventType plain) {
        long from = plain == EventType.QUERY ? queryTextOffset(reader) : imagesOffset(reader);
        byte[] rest =
                CompressedRecord.inflate(
                        new EventBody(reader.bytes(), reader.origin(), from, reader.bodyEnd()),
                        reader.type() + ".content");
        int head = (int) (from - reader.offset());
        byte[] event = new byte[head + rest.length];
        MemorySegment.copy(reader.bytes(), ValueLayout.JAVA_BYTE, reader.offset(), event, 0, head);
        System.arraycopy(rest, 0, event, head, rest.length);
        event[4] = (byte) plain.code();
        return event;
    }

    private static long imagesOffset(BinlogReader reader) {
        return ((RowsEvent) reader.decode()).imagesOffset();
    }

    /// Behind the status variables, and the database's name with its zero byte.
    private static long queryTextOffset(BinlogReader reader) {
        var body =
                new EventBody(
                        reader.bytes(), reader.origin(), reader.bodyOffset(), reader.bodyEnd());
        body.skip("QueryEvent.threadId, executionSeconds", 8);
        int database = body.uint8("QueryEvent.databaseLength");
        body.skip("QueryEvent.errorCode", 2);
        int context = body.uint16("QueryEvent.statusVariablesLength");
        body.skip("QueryEvent.statusVariables, database", context + database + 1L);
        return reader.bodyOffset() + QUERY_HEAD_BYTES + context + database + 1L;
    }
}
