package io.backstay.binlog;

import java.util.Optional;

/// Every event type of MySQL 5.6 to 9.7 and MariaDB 10.11 to 11.8, with what is done about it.
///
/// Source: MySQL's `Log_event_type` and MariaDB's enum of the same name.
public enum EventType {
    UNKNOWN(0, Handling.REFUSED),
    START_V3(1, Handling.REFUSED),
    QUERY(2, Handling.READ),
    STOP(3, Handling.READ),
    ROTATE(4, Handling.READ),
    INTVAR(5, Handling.STATEMENT),
    LOAD(6, Handling.REFUSED),
    SLAVE(7, Handling.REFUSED),
    CREATE_FILE(8, Handling.REFUSED),
    APPEND_BLOCK(9, Handling.STATEMENT),
    EXEC_LOAD(10, Handling.REFUSED),
    DELETE_FILE(11, Handling.STATEMENT),
    NEW_LOAD(12, Handling.REFUSED),
    RAND(13, Handling.STATEMENT),
    USER_VAR(14, Handling.STATEMENT),
    FORMAT_DESCRIPTION(15, Handling.READ),
    XID(16, Handling.READ),
    BEGIN_LOAD_QUERY(17, Handling.STATEMENT),
    EXECUTE_LOAD_QUERY(18, Handling.STATEMENT),
    TABLE_MAP(19, Handling.READ),
    PRE_GA_WRITE_ROWS(20, Handling.REFUSED),
    PRE_GA_UPDATE_ROWS(21, Handling.REFUSED),
    PRE_GA_DELETE_ROWS(22, Handling.REFUSED),
    WRITE_ROWS_V1(23, Handling.READ),
    UPDATE_ROWS_V1(24, Handling.READ),
    DELETE_ROWS_V1(25, Handling.READ),
    INCIDENT(26, Handling.REFUSED),
    HEARTBEAT(27, Handling.READ),
    IGNORABLE(28, Handling.READ),
    ROWS_QUERY(29, Handling.READ),
    WRITE_ROWS_V2(30, Handling.READ),
    UPDATE_ROWS_V2(31, Handling.READ),
    DELETE_ROWS_V2(32, Handling.READ),
    MYSQL_GTID(33, Handling.READ),
    ANONYMOUS_GTID(34, Handling.REFUSED),
    PREVIOUS_GTIDS(35, Handling.READ),
    TRANSACTION_CONTEXT(36, Handling.READ),
    VIEW_CHANGE(37, Handling.READ),
    XA_PREPARE(38, Handling.REFUSED),
    PARTIAL_UPDATE_ROWS(39, Handling.ORDERED_TABLE),
    TRANSACTION_PAYLOAD(40, Handling.READ),
    HEARTBEAT_V2(41, Handling.READ),
    GTID_TAGGED(42, Handling.READ),
    ANNOTATE_ROWS(160, Handling.READ),
    BINLOG_CHECKPOINT(161, Handling.READ),
    GTID(162, Handling.READ),
    GTID_LIST(163, Handling.READ),
    START_ENCRYPTION(164, Handling.REFUSED),
    QUERY_COMPRESSED(165, Handling.READ),
    WRITE_ROWS_COMPRESSED_V1(166, Handling.READ),
    UPDATE_ROWS_COMPRESSED_V1(167, Handling.READ),
    DELETE_ROWS_COMPRESSED_V1(168, Handling.READ),
    WRITE_ROWS_COMPRESSED(169, Handling.READ),
    UPDATE_ROWS_COMPRESSED(170, Handling.READ),
    DELETE_ROWS_COMPRESSED(171, Handling.READ);

    /// What a reader of the whole log does with an event of the type.
    public enum Handling {
        /// Its content is read, or is known to change nothing.
        READ,
        /// Part of a statement-format change: recognised, and refused with the transaction it is
        /// in.
        STATEMENT,
        /// Recognised and refused by name.
        REFUSED,
        /// Executed in its order, with all that follows of the table that it changes.
        ORDERED_TABLE
    }

    private static final EventType[] BY_CODE = new EventType[256];

    static {
        for (EventType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final Handling handling;

    EventType(int code, Handling handling) {
        this.code = code;
        this.handling = handling;
    }

    public int code() {
        return code;
    }

    public Handling handling() {
        return handling;
    }

    /// Empty for a number that no known server writes.
    public static Optional<EventType> find(int code) {
        return Optional.ofNullable(BY_CODE[code & 0xFF]);
    }
}
