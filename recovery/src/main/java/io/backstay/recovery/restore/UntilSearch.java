package io.backstay.recovery.restore;

import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.Manifest;
import io.backstay.recovery.archive.SegmentEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where in the log a restore stops, as a transaction.
final class UntilSearch {
    private final Archive archive;

    UntilSearch(Archive archive, Manifest manifest) {
        this.archive = archive;
    }

    /// @param segments to be folded
    /// @param lastGtid the last transaction that is in, where that is not the end of the last
    ///   segment; empty text else
    record Cut(List<SegmentEntry> segments, String lastGtid) {}

    /// Empty if this base with these segments does not reach that far, or is later.
    Optional<Cut> find(BaseEntry base, List<SegmentEntry> after, Until until) {
        return switch (until) {
            case Until.End _ -> Optional.of(new Cut(after, ""));
            case Until.AtGtid at -> atGtid(base, after, at.gtid());
            case Until.AtPosition _, Until.AtTime _ ->
                    throw new Problem(
                            ErrorCode.UNSUPPORTED,
                            "--until: a restore to "
                                    + until
                                    + " is not supported yet, only to a GTID",
                            "find the GTID with `backstay binlog show` and give it as `--until GTID`. Archive: "
                                    + archive.folder());
        };
    }

    private Optional<Cut> atGtid(BaseEntry base, List<SegmentEntry> after, MariaDbGtid gtid) {
        MariaDbGtidState baseAt = MariaDbGtidState.parse(base.gtid());
        if (baseAt.contains(gtid) && baseAt.gtids().contains(gtid)) {
            return Optional.of(new Cut(List.of(), ""));
        }
        if (baseAt.reaches(gtid)) {
            return Optional.empty();
        }
        var needed = new ArrayList<SegmentEntry>();
        for (SegmentEntry segment : after) {
            needed.add(segment);
            if (MariaDbGtidState.parse(segment.toGtid()).reaches(gtid)) {
                return Optional.of(new Cut(List.copyOf(needed), gtid.toString()));
            }
        }
        return Optional.empty();
    }
}
