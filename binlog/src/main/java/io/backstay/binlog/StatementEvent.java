package io.backstay.binlog;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What stands before a statement that is logged as text, to give it the values it had.
public sealed interface StatementEvent extends BinlogEvent {

    private static MemorySegment readOnly(byte[] bytes) {
        return MemorySegment.ofArray(bytes).asReadOnly();
    }

    /// The next value of a kind of number.
    ///
    /// | Offset | Size | Field |
    /// | --- | --- | --- |
    /// | 0 | 1 | 1: what LAST_INSERT_ID() returns, 2: the first AUTO_INCREMENT value |
    /// | 1 | 8 | `value`, unsigned |
    ///
    /// Source: MySQL internals manual, `INTVAR_EVENT`.
    record Intvar(boolean isLastInsertId, long value) implements StatementEvent {

        static Intvar decode(EventBody body) {
            int kind = body.uint8("Intvar.kind");
            if (kind != 1 && kind != 2) {
                throw body.damaged("Intvar.kind", "1 or 2", Integer.toString(kind));
            }
            return new Intvar(kind == 1, body.uint64("Intvar.value"));
        }
    }

    /// The two seeds of RAND(), 8 bytes each. Source: MySQL internals manual, `RAND_EVENT`.
    record Rand(long seed1, long seed2) implements StatementEvent {

        static Rand decode(EventBody body) {
            return new Rand(body.uint64("Rand.seed1"), body.uint64("Rand.seed2"));
        }
    }

    /// A user variable.
    ///
    /// | Offset | Size | Field |
    /// | --- | --- | --- |
    /// | 0 | 4 + n | `name`, length first |
    /// | then | 1 | 1: the value is NULL, and nothing follows |
    /// | then | 1 | 0 text, 1 double, 2 integer, 4 decimal |
    /// | then | 4 | `collation`, a number |
    /// | then | 4 + n | `value`, length first |
    /// | then | 1 | bit 0: the integer is unsigned (may be missing) |
    ///
    /// Double and integer are 8 bytes, little endian; a decimal is its precision, its scale, and
    /// the layout of NEWDECIMAL. Source: MySQL internals manual, `USER_VAR_EVENT`.
    ///
    /// @param value empty for NULL
    record UserVariable(
            String name,
            int kind,
            long collation,
            boolean isUnsigned,
            Optional<MemorySegment> value)
            implements StatementEvent {
        public static final int TEXT = 0;
        public static final int DOUBLE = 1;
        public static final int INTEGER = 2;
        public static final int DECIMAL = 4;

        static UserVariable decode(EventBody body) {
            String name =
                    body.text(
                            "UserVariable.name",
                            body.uint32("UserVariable.nameLength"),
                            StandardCharsets.UTF_8);
            if (body.uint8("UserVariable.isNull") != 0) {
                return new UserVariable(name, TEXT, 0, false, Optional.empty());
            }
            int kind = body.uint8("UserVariable.kind");
            long collation = body.uint32("UserVariable.collation");
            byte[] value =
                    body.bytes("UserVariable.value", body.uint32("UserVariable.valueLength"));
            if (kind != TEXT && kind != DECIMAL && kind != DOUBLE && kind != INTEGER) {
                throw body.damaged("UserVariable.kind", "0, 1, 2 or 4", Integer.toString(kind));
            }
            if ((kind == DOUBLE || kind == INTEGER) && value.length != 8) {
                throw body.damaged("UserVariable.value", "8 bytes", Integer.toString(value.length));
            }
            boolean isUnsigned =
                    body.remaining() > 0 && (body.uint8("UserVariable.flags") & 1) != 0;
            return new UserVariable(
                    name, kind, collation, isUnsigned, Optional.of(readOnly(value)));
        }
    }

    /// A piece of the file of a LOAD DATA statement: 4 bytes `fileId`, then content. The first one
    /// is a BEGIN_LOAD_QUERY event, those that follow are APPEND_BLOCK events. Source: MySQL
    /// internals manual, `BEGIN_LOAD_QUERY_EVENT`.
    record LoadBlock(boolean isFirst, long fileId, MemorySegment content)
            implements StatementEvent {

        static LoadBlock decode(EventBody body, boolean isFirst) {
            long fileId = body.uint32("LoadBlock.fileId");
            return new LoadBlock(
                    isFirst, fileId, readOnly(body.bytes("LoadBlock.content", body.remaining())));
        }
    }

    /// The file of a LOAD DATA statement that failed: 4 bytes `fileId`. Source: MySQL internals
    /// manual, `DELETE_FILE_EVENT`.
    record DeleteFile(long fileId) implements StatementEvent {

        static DeleteFile decode(EventBody body) {
            return new DeleteFile(body.uint32("DeleteFile.fileId"));
        }
    }

    /// A LOAD DATA statement whose file came in [LoadBlock]s.
    ///
    /// | Offset | Size | Field |
    /// | --- | --- | --- |
    /// | 0 | 13 | as in a [QueryEvent] |
    /// | 13 | 4 | `fileId` |
    /// | 17 | 4 | `nameFrom`: where the file's name begins in the statement, bytes |
    /// | 21 | 4 | `nameTo`: behind it |
    /// | 25 | 1 | duplicates: 0 error, 1 IGNORE, 2 REPLACE |
    /// | 26 | rest | status variables, database, zero, statement, as in a [QueryEvent] |
    ///
    /// Source: MySQL internals manual, `EXECUTE_LOAD_QUERY_EVENT`.
    record ExecuteLoad(
            long threadId,
            int errorCode,
            long fileId,
            long nameFrom,
            long nameTo,
            int duplicates,
            QueryContext context,
            String database,
            String statement)
            implements StatementEvent {

        static ExecuteLoad decode(EventBody body) {
            long thread = body.uint32("ExecuteLoad.threadId");
            body.skip("ExecuteLoad.executionSeconds", 4);
            int databaseLength = body.uint8("ExecuteLoad.databaseLength");
            int error = body.uint16("ExecuteLoad.errorCode");
            int contextLength = body.uint16("ExecuteLoad.statusVariablesLength");
            long fileId = body.uint32("ExecuteLoad.fileId");
            long from = body.uint32("ExecuteLoad.nameFrom");
            long to = body.uint32("ExecuteLoad.nameTo");
            int duplicates = body.uint8("ExecuteLoad.duplicates");
            QueryContext context = QueryContext.decode(body, contextLength);
            String database =
                    body.text("ExecuteLoad.database", databaseLength, StandardCharsets.UTF_8);
            body.skip("ExecuteLoad.databaseEnd", 1);
            String statement =
                    body.text("ExecuteLoad.statement", body.remaining(), StandardCharsets.UTF_8);
            return new ExecuteLoad(
                    thread, error, fileId, from, to, duplicates, context, database, statement);
        }
    }
}
