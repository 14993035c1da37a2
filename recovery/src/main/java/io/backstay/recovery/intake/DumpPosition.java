package io.backstay.recovery.intake;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.MySqlGtidSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where in the log a dump stands, as far as it says so itself.
///
/// @param position file and offset on the server whose log goes with the dump
/// @param gtid of MariaDB the last GTID of every domain, of MySQL all that were executed
record DumpPosition(Optional<BinlogPosition> position, Optional<GtidSet> gtid) {
    static final DumpPosition UNKNOWN = new DumpPosition(Optional.empty(), Optional.empty());

    private static final Pattern FILE =
            Pattern.compile("(?i)(?:MASTER|SOURCE)_LOG_FILE\\s*=\\s*'([^']+)'");
    private static final Pattern OFFSET =
            Pattern.compile("(?i)(?:MASTER|SOURCE)_LOG_POS\\s*=\\s*(\\d+)");
    private static final Pattern GTID =
            Pattern.compile("(?i)SET\\s+GLOBAL\\s+gtid_slave_pos\\s*=\\s*'([^']*)'");

    /// As mysqldump writes it: `SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '...'`, over several lines.
    private static final Pattern PURGED =
            Pattern.compile(
                    "(?i)\\bGTID_PURGED\\s*=\\s*(?:/\\*!\\d+\\s*'\\+'\\s*\\*/\\s*)?'\\+?([^']*)'");

    /// With what a statement or a line of comment says of it; the first word counts.
    DumpPosition with(String text) {
        return new DumpPosition(position.or(() -> positionIn(text)), gtid.or(() -> gtidIn(text)));
    }

    private static Optional<BinlogPosition> positionIn(String text) {
        Matcher file = FILE.matcher(text);
        Matcher offset = OFFSET.matcher(text);
        return file.find() && offset.find()
                ? Optional.of(new BinlogPosition(file.group(1), Long.parseLong(offset.group(1))))
                : Optional.empty();
    }

    private static Optional<GtidSet> gtidIn(String text) {
        Matcher slave = GTID.matcher(text);
        if (slave.find()) {
            return Optional.of(MariaDbGtidState.parse(slave.group(1)).positionState());
        }
        Matcher purged = PURGED.matcher(text);
        return purged.find()
                ? Optional.of(MySqlGtidSet.parse(purged.group(1).replaceAll("\\s", "")))
                : Optional.empty();
    }
}
