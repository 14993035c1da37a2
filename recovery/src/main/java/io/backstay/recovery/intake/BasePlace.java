package io.backstay.recovery.intake;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.GtidSet;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.ServerVersion;
import io.backstay.recovery.archive.BaseDocument.Source;
import java.time.Instant;
import java.util.Optional;

/// Where in the log a base of others is: `--from`, else what it says itself; where the log is there
/// too, the two agree.
///
/// @param gtid of MariaDB the last GTID of every domain in it, of MySQL all that are
/// @param place what the log tells of it; empty without a log
record BasePlace(GtidSet gtid, Optional<BinlogPosition> position, Optional<LogFiles.Place> place) {

    /// Errors: neither says it; the log says something else.
    ///
    /// @param said by the base itself
    static BasePlace of(IntakeRequest request, DumpPosition said, Optional<LogFiles> logs) {
        Optional<BinlogPosition> position = request.from().or(said::position);
        Optional<LogFiles.Place> place = position.flatMap(p -> logs.map(files -> files.at(p)));
        Optional<GtidSet> own = request.from().isPresent() ? Optional.empty() : said.gtid();
        Optional<GtidSet> logged = place.map(p -> p.state().place());
        GtidSet gtid = own.or(() -> logged).orElseThrow(BasePlace::nowhere);
        if (logged.isPresent() && !logged.get().equals(gtid)) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "the base says that it is at GTID %s, the log at %s is at %s"
                            .formatted(
                                    gtid, position.map(Object::toString).orElse(""), logged.get()),
                    "give the log of the server that the base was taken from.");
        }
        return new BasePlace(gtid, position, place);
    }

    /// @param modified when the base was written, for want of a time in the log
    Source source(String version, Instant modified, int lowerCaseTableNames) {
        return new Source(
                version,
                place.map(LogFiles.Place::serverId).orElse(0L),
                place.map(LogFiles.Place::at).orElse(modified),
                gtid.toString(),
                binlogState(version),
                "",
                position.map(BinlogPosition::file).orElse(""),
                position.map(BinlogPosition::offsetBytes).orElse(0L),
                lowerCaseTableNames,
                "",
                "");
    }

    /// MySQL has none beside its set.
    private String binlogState(String version) {
        return ServerVersion.parse(version).flavour() == Flavour.MYSQL
                ? ""
                : place.map(p -> p.state().toString()).orElse(gtid.toString());
    }

    private static Problem nowhere() {
        return new Problem(
                ErrorCode.USAGE,
                "the base does not say where in the log it is, and its GTID cannot be found",
                "give the position with its log: --from FILE:POSITION --binlogs DIR; or dump with"
                        + " mariadb-dump --single-transaction --master-data=2 --gtid, or mysqldump --single-transaction"
                        + " --source-data=2.");
    }
}
