package io.backstay.recovery.replay;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.SegmentEntry;
import java.util.List;

/// Executes the segments behind an archive's newest base on a server that holds that base.
///
/// With `mariadb-binlog` and `mariadb` on the PATH it is those two in a pipe; else [BinlogReplay].
/// Without the target's binary log in both, which is kinder to it than the default.
public final class OneSessionReplay {
    private OneSessionReplay() {}

    /// Errors: a segment that is damaged or missing; what either way does not take.
    public static ReplayResult run(Archive archive, ServerAddress target) {
        BaseEntry base = archive.manifest().bases().getLast();
        List<SegmentEntry> segments = archive.manifest().segmentsAfter(base);
        if (segments.isEmpty()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "archive " + archive.address() + " has no segment behind " + base.id(),
                    "stream into it first: `backstay stream --archive "
                            + archive.address()
                            + " --server URL`.");
        }
        segments.forEach(segment -> archive.requireWhole(segment.part()));
        boolean beginsAtBase = segments.getFirst().fromGtid().equals(base.gtid());
        return beginsAtBase
                ? StandardTool.find()
                        .map(tool -> tool.run(archive, segments, target))
                        .orElseGet(() -> BinlogReplay.run(archive, segments, base.gtid(), target))
                : BinlogReplay.run(archive, segments, base.gtid(), target);
    }
}
