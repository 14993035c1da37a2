package io.backstay.recovery.intake;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.MariaDbGtidState;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where in the log a dump stands, as far as it says so itself.
///
/// @param position file and offset on the server whose log goes with the dump
/// @param gtid last GTID of every domain
record DumpPosition(Optional<BinlogPosition> position, Optional<MariaDbGtidState> gtid) {
    static final DumpPosition UNKNOWN = new DumpPosition(Optional.empty(), Optional.empty());

    private static final Pattern FILE =
            Pattern.compile("(?i)(?:MASTER|SOURCE)_LOG_FILE\\s*=\\s*'([^']+)'");
    private static final Pattern OFFSET =
            Pattern.compile("(?i)(?:MASTER|SOURCE)_LOG_POS\\s*=\\s*(\\d+)");
    private static final Pattern GTID =
            Pattern.compile("(?i)SET\\s+GLOBAL\\s+gtid_slave_pos\\s*=\\s*'([^']*)'");

    /// With what a statement or a line of comment says of it; the first word counts.
    DumpPosition with(String text) {
        Matcher file = FILE.matcher(text);
        Matcher offset = OFFSET.matcher(text);
        Matcher gtids = GTID.matcher(text);
        return new DumpPosition(
                position.or(
                        () ->
                                file.find() && offset.find()
                                        ? Optional.of(
                                                new BinlogPosition(
                                                        file.group(1),
                                                        Long.parseLong(offset.group(1))))
                                        : Optional.empty()),
                gtid.or(
                        () ->
                                gtids.find()
                                        ? Optional.of(
                                                MariaDbGtidState.parse(gtids.group(1))
                                                        .positionState())
                                        : Optional.empty()));
    }
}
