package io.backstay.binlog;

import io.backstay.binlog.RowsEvent.Change;
import io.backstay.binlog.RowsEvent.Version;

/// One event's body to its record.
final class EventDecoder {
    private EventDecoder() {}

    static BinlogEvent decode(
            EventType type, EventBody body, EventHeader header, Flavour flavour, long bodyEnd) {
        return switch (type) {
            case FORMAT_DESCRIPTION -> FormatDescriptionEvent.decode(body);
            case ROTATE -> RotateEvent.decode(body);
            case GTID -> GtidEvent.decode(body, header.serverId());
            case GTID_LIST -> GtidListEvent.decode(body);
            case MYSQL_GTID -> MySqlGtidEvent.decode(body, false);
            case ANONYMOUS_GTID -> MySqlGtidEvent.decode(body, true);
            case GTID_TAGGED -> MySqlGtidEvent.decodeTagged(body);
            case PREVIOUS_GTIDS -> PreviousGtidsEvent.decode(body);
            case QUERY -> QueryEvent.decode(body, false);
            case QUERY_COMPRESSED -> QueryEvent.decode(body, true);
            case XID -> XidEvent.decode(body);
            case XA_PREPARE -> XaPrepareEvent.decode(body);
            case TABLE_MAP -> TableMapEvent.decode(body, flavour);
            case WRITE_ROWS_V1, WRITE_ROWS_COMPRESSED_V1 ->
                    RowsEvent.decode(body, Change.INSERT, Version.V1, bodyEnd);
            case UPDATE_ROWS_V1, UPDATE_ROWS_COMPRESSED_V1 ->
                    RowsEvent.decode(body, Change.UPDATE, Version.V1, bodyEnd);
            case DELETE_ROWS_V1, DELETE_ROWS_COMPRESSED_V1 ->
                    RowsEvent.decode(body, Change.DELETE, Version.V1, bodyEnd);
            case WRITE_ROWS_V2, WRITE_ROWS_COMPRESSED ->
                    RowsEvent.decode(body, Change.INSERT, Version.V2, bodyEnd);
            case UPDATE_ROWS_V2, UPDATE_ROWS_COMPRESSED ->
                    RowsEvent.decode(body, Change.UPDATE, Version.V2, bodyEnd);
            case DELETE_ROWS_V2, DELETE_ROWS_COMPRESSED ->
                    RowsEvent.decode(body, Change.DELETE, Version.V2, bodyEnd);
            case PARTIAL_UPDATE_ROWS ->
                    RowsEvent.decode(body, Change.UPDATE, Version.PARTIAL, bodyEnd);
            case ANNOTATE_ROWS -> AnnotateRowsEvent.decode(body);
            case ROWS_QUERY -> AnnotateRowsEvent.decodeRowsQuery(body);
            case TRANSACTION_PAYLOAD -> TransactionPayloadEvent.decode(body, bodyEnd);
            case INTVAR -> StatementEvent.Intvar.decode(body);
            case RAND -> StatementEvent.Rand.decode(body);
            case USER_VAR -> StatementEvent.UserVariable.decode(body);
            case BEGIN_LOAD_QUERY -> StatementEvent.LoadBlock.decode(body, true);
            case APPEND_BLOCK -> StatementEvent.LoadBlock.decode(body, false);
            case DELETE_FILE -> StatementEvent.DeleteFile.decode(body);
            case EXECUTE_LOAD_QUERY -> StatementEvent.ExecuteLoad.decode(body);
            case INCIDENT -> IncidentEvent.decode(body);
            case HEARTBEAT -> HeartbeatEvent.decode(body, header.nextPosition());
            case HEARTBEAT_V2 -> HeartbeatEvent.decodeFields(body);
            case TRANSACTION_CONTEXT -> GroupReplicationEvent.TransactionContext.decode(body);
            case VIEW_CHANGE -> GroupReplicationEvent.ViewChange.decode(body);
            case START_ENCRYPTION -> StartEncryptionEvent.decode(body);
            case BINLOG_CHECKPOINT -> BinlogCheckpointEvent.decode(body);
            // a body without fields, or one that no server of this century writes
            case STOP,
                    IGNORABLE,
                    UNKNOWN,
                    START_V3,
                    LOAD,
                    SLAVE,
                    CREATE_FILE,
                    EXEC_LOAD,
                    NEW_LOAD,
                    PRE_GA_WRITE_ROWS,
                    PRE_GA_UPDATE_ROWS,
                    PRE_GA_DELETE_ROWS ->
                    new OpaqueEvent(type);
        };
    }
}
