package io.backstay.recovery.fold;

import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.DamagedBinlogException;
import io.backstay.binlog.Gtid;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// XA transactions between their two halves, by their identifiers.
///
/// Body of an XA_PREPARE event: one byte whether it commits in one phase, then the format, the
/// lengths of the global part and of the branch part in four bytes each, then both parts. Source:
/// MariaDB knowledge base, "XA_PREPARE_LOG_EVENT".
final class PreparedTransactions {
    private static final Pattern XID =
            Pattern.compile("X'([0-9A-F]*)'(?:,X'([0-9A-F]*)'(?:,(\\d+))?)?");
    private static final int HEAD_BYTES = 13;

    private final Map<String, OpenTransaction> open = new LinkedHashMap<>();

    static boolean isOnePhase(BinlogReader reader) {
        return reader.bodyEnd() > reader.bodyOffset()
                && Bytes.uint8(reader.bytes(), reader.bodyOffset()) != 0;
    }

    static String xidOf(BinlogReader reader) {
        MemorySegment s = reader.bytes();
        long body = reader.bodyOffset();
        long left = reader.bodyEnd() - body - HEAD_BYTES;
        long global = left < 0 ? 0 : Bytes.little(s, body + 5, 4);
        long branch = left < 0 ? 0 : Bytes.little(s, body + 9, 4);
        if (left < 0 || global + branch > left) {
            throw DamagedBinlogException.of(
                    reader.origin(),
                    "XaPrepareEvent.xid",
                    HEAD_BYTES + global + branch + " bytes",
                    Long.toString(left + HEAD_BYTES));
        }
        return hex(s, body + HEAD_BYTES, global)
                + ","
                + hex(s, body + HEAD_BYTES + global, branch)
                + ","
                + Bytes.little(s, body + 1, 4);
    }

    private static String hex(MemorySegment s, long from, long count) {
        var bytes = s.asSlice(from, count).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        return HexFormat.of().formatHex(bytes);
    }

    void put(String xid, OpenTransaction transaction) {
        open.put(xid, transaction);
    }

    /// @param statement XA COMMIT or XA ROLLBACK, as a server logs it
    @Nullable OpenTransaction find(String statement) {
        return open.get(xid(statement));
    }

    void remove(String statement) {
        open.remove(xid(statement));
    }

    List<Gtid> gtids() {
        return open.values().stream().map(OpenTransaction::gtid).toList();
    }

    private static String xid(String statement) {
        Matcher matcher = XID.matcher(statement.toUpperCase(Locale.ROOT));
        if (!matcher.find()) {
            return statement;
        }
        String branch = matcher.group(2) == null ? "" : matcher.group(2);
        String format = matcher.group(3) == null ? "1" : matcher.group(3);
        return (matcher.group(1) + "," + branch + ",").toLowerCase(Locale.ROOT) + format;
    }
}
