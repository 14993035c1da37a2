package io.backstay.binlog;

import java.nio.charset.StandardCharsets;

/// A statement as text: DDL, BEGIN, COMMIT, or a change in statement format.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 4 | `threadId` |
/// | 4 | 4 | execution time, seconds |
/// | 8 | 1 | length of the database's name |
/// | 9 | 2 | `errorCode` the statement ended with on its server |
/// | 11 | 2 | length of the status variables |
/// | 13 | | status variables: flags, sql_mode, character sets and the like, not read |
/// | then | | `database`, one zero byte, `statement` to the end |
///
/// Source: MySQL internals manual, `QUERY_EVENT`; MariaDB knowledge base, "QUERY_EVENT".
///
/// @param statement bytes that are no UTF-8 are replaced
public record QueryEvent(long threadId, int errorCode, String database, String statement)
        implements BinlogEvent {

    static QueryEvent decode(EventBody body) {
        long thread = body.uint32("QueryEvent.threadId");
        body.skip("QueryEvent.executionSeconds", 4);
        int databaseLength = body.uint8("QueryEvent.databaseLength");
        int error = body.uint16("QueryEvent.errorCode");
        int contextLength = body.uint16("QueryEvent.statusVariablesLength");
        body.skip("QueryEvent.statusVariables", contextLength);
        String database = body.text("QueryEvent.database", databaseLength, StandardCharsets.UTF_8);
        body.skip("QueryEvent.databaseEnd", 1);
        return new QueryEvent(
                thread,
                error,
                database,
                body.text("QueryEvent.statement", body.remaining(), StandardCharsets.UTF_8));
    }
}
