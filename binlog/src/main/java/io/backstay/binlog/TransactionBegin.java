package io.backstay.binlog;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.regex.Pattern;

/// What the event that begins a transaction says, of either flavour.
///
/// @param isAlone one statement makes it, and ends it. MySQL does not say so: it is true of all of
///   its transactions until [#isBegin] holds for their first statement
/// @param micros when it was committed (MySQL 8.0 and later) or its first statement began, whole
///   seconds; since 1970
public record TransactionBegin(Gtid gtid, boolean isAlone, long micros) {
    private static final Pattern BEGIN =
            Pattern.compile(
                    "\\s*(BEGIN|XA\\s+(START|BEGIN)\\b.*|CREATE\\s+TABLE\\s.*\\sSTART\\s+TRANSACTION)\\s*",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final long MICROS = 1_000_000;

    /// Whether an event of that type begins a transaction.
    public static boolean is(EventType type) {
        return type == EventType.GTID
                || type == EventType.MYSQL_GTID
                || type == EventType.GTID_TAGGED
                || type == EventType.ANONYMOUS_GTID;
    }

    /// @param event of a type that [#is] one
    /// @throws Problem for a transaction without a GTID
    public static TransactionBegin of(BinlogEvent event, EventHeader header) {
        long began = header.timestampSeconds() * MICROS;
        return switch (event) {
            case GtidEvent of -> new TransactionBegin(of.gtid(), of.isStandalone(), began);
            case MySqlGtidEvent of ->
                    new TransactionBegin(
                            of.gtid().orElseThrow(TransactionBegin::anonymous),
                            true,
                            of.commitMicros().orElse(began));
            // the caller has looked at the type
            default -> throw new IllegalArgumentException("no begin of a transaction: " + event);
        };
    }

    private static Problem anonymous() {
        return new Problem(
                ErrorCode.UNSUPPORTED,
                "the log has a transaction without a GTID",
                "set gtid_mode=ON and enforce_gtid_consistency=ON on the source, then take a new base with"
                        + " `backstay backup`.");
    }

    /// Whether a statement begins a transaction of several events. MySQL writes `CREATE TABLE ...
    /// START TRANSACTION` for the first half of a CREATE TABLE ... SELECT; the rows follow.
    public static boolean isBegin(String statement) {
        return BEGIN.matcher(statement).matches();
    }
}
