package io.backstay.binlog;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A statement as text: DDL, BEGIN, COMMIT, or a change in statement format.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 4 | `threadId` |
/// | 4 | 4 | `executionSeconds` |
/// | 8 | 1 | length of the database's name |
/// | 9 | 2 | `errorCode` the statement ended with on its server |
/// | 11 | 2 | length of the status variables |
/// | 13 | | status variables, see [QueryContext] |
/// | then | | `database`, one zero byte, `statement` to the end |
///
/// In MariaDB's compressed query event the statement is a [CompressedRecord]. Source: MySQL
/// internals manual, `QUERY_EVENT`; MariaDB knowledge base, "QUERY_EVENT".
///
/// @param statement bytes that are no UTF-8 are replaced
public record QueryEvent(
        long threadId,
        long executionSeconds,
        int errorCode,
        QueryContext context,
        String database,
        String statement)
        implements BinlogEvent {
    private static final QueryContext NO_CONTEXT = new QueryContext(Map.of(), "");

    public QueryEvent(long threadId, int errorCode, String database, String statement) {
        this(threadId, 0, errorCode, NO_CONTEXT, database, statement);
    }

    static QueryEvent decode(EventBody body, boolean isCompressed) {
        long thread = body.uint32("QueryEvent.threadId");
        long seconds = body.uint32("QueryEvent.executionSeconds");
        int databaseLength = body.uint8("QueryEvent.databaseLength");
        int error = body.uint16("QueryEvent.errorCode");
        int contextLength = body.uint16("QueryEvent.statusVariablesLength");
        QueryContext context = QueryContext.decode(body, contextLength);
        String database = body.text("QueryEvent.database", databaseLength, StandardCharsets.UTF_8);
        body.skip("QueryEvent.databaseEnd", 1);
        byte[] statement =
                isCompressed
                        ? CompressedRecord.inflate(body, "QueryEvent.statement")
                        : body.bytes("QueryEvent.statement", body.remaining());
        return new QueryEvent(
                thread,
                seconds,
                error,
                context,
                database,
                new String(statement, StandardCharsets.UTF_8));
    }
}
