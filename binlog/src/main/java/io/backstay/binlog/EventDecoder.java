package io.backstay.binlog;

/// One event's body to its record.
final class EventDecoder {
    private EventDecoder() {}

    static BinlogEvent decode(EventType type, EventBody body, long serverId, long bodyEnd) {
        return switch (type) {
            case FORMAT_DESCRIPTION -> FormatDescriptionEvent.decode(body);
            case ROTATE -> RotateEvent.decode(body);
            case GTID -> GtidEvent.decode(body, serverId);
            case GTID_LIST -> GtidListEvent.decode(body);
            case QUERY -> QueryEvent.decode(body);
            case XID -> XidEvent.decode(body);
            case TABLE_MAP -> TableMapEvent.decode(body);
            case WRITE_ROWS_V1 -> RowsEvent.decode(body, RowsEvent.Change.INSERT, bodyEnd);
            case UPDATE_ROWS_V1 -> RowsEvent.decode(body, RowsEvent.Change.UPDATE, bodyEnd);
            case DELETE_ROWS_V1 -> RowsEvent.decode(body, RowsEvent.Change.DELETE, bodyEnd);
            case ANNOTATE_ROWS -> AnnotateRowsEvent.decode(body);
            case STOP,
                    HEARTBEAT,
                    BINLOG_CHECKPOINT,
                    UNKNOWN,
                    START_V3,
                    INTVAR,
                    LOAD,
                    SLAVE,
                    CREATE_FILE,
                    APPEND_BLOCK,
                    EXEC_LOAD,
                    DELETE_FILE,
                    NEW_LOAD,
                    RAND,
                    USER_VAR,
                    BEGIN_LOAD_QUERY,
                    EXECUTE_LOAD_QUERY,
                    PRE_GA_WRITE_ROWS,
                    PRE_GA_UPDATE_ROWS,
                    PRE_GA_DELETE_ROWS,
                    INCIDENT,
                    IGNORABLE,
                    ROWS_QUERY,
                    WRITE_ROWS_V2,
                    UPDATE_ROWS_V2,
                    DELETE_ROWS_V2,
                    MYSQL_GTID,
                    ANONYMOUS_GTID,
                    PREVIOUS_GTIDS,
                    TRANSACTION_CONTEXT,
                    VIEW_CHANGE,
                    XA_PREPARE,
                    PARTIAL_UPDATE_ROWS,
                    TRANSACTION_PAYLOAD,
                    HEARTBEAT_V2,
                    GTID_TAGGED,
                    START_ENCRYPTION,
                    QUERY_COMPRESSED,
                    WRITE_ROWS_COMPRESSED_V1,
                    UPDATE_ROWS_COMPRESSED_V1,
                    DELETE_ROWS_COMPRESSED_V1,
                    WRITE_ROWS_COMPRESSED,
                    UPDATE_ROWS_COMPRESSED,
                    DELETE_ROWS_COMPRESSED ->
                    new OpaqueEvent(type);
        };
    }
}
