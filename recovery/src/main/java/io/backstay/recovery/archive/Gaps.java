package io.backstay.recovery.archive;

import io.backstay.binlog.GtidSet;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.DamagedArchiveException.Damage;
import java.util.ArrayList;
import java.util.List;

/// Whether segments follow each other without a hole.
final class Gaps {
    private Gaps() {}

    static void requireNone(Manifest manifest, SegmentEntry next) {
        if (!mayFollow(manifest.bases(), manifest.segments(), next)) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "gap in the log: segment "
                            + next.part().path()
                            + " begins behind GTID "
                            + text(next.fromGtid())
                            + ", the archive ends at "
                            + text(Archive.end(manifest).orElse("")),
                    "stream from a server whose binary logs still hold that GTID, or take a new base with `backstay"
                            + " backup`.");
        }
    }

    static List<Damage> find(Manifest manifest) {
        var found = new ArrayList<Damage>();
        List<SegmentEntry> segments = manifest.segments();
        for (int i = 0; i < segments.size(); i++) {
            SegmentEntry segment = segments.get(i);
            // segments in front of the first one have been removed when every base held them
            boolean isHeld = i == 0 && isHeldBySome(manifest.bases(), segment.fromGtid());
            if (!isHeld && !mayFollow(manifest.bases(), segments.subList(0, i), segment)) {
                String expected =
                        i == 0
                                ? "a base at its start"
                                : "a start behind GTID " + text(segments.get(i - 1).toGtid());
                found.add(
                        new Damage(
                                segment.part().path(),
                                -1,
                                expected,
                                "a start behind GTID " + text(segment.fromGtid())));
            }
        }
        return found;
    }

    private static boolean isHeldBySome(List<BaseEntry> bases, String gtids) {
        GtidSet set = GtidSet.parse(gtids);
        return bases.stream().anyMatch(base -> GtidSet.parse(base.gtid()).covers(set));
    }

    private static boolean mayFollow(
            List<BaseEntry> bases, List<SegmentEntry> before, SegmentEntry next) {
        boolean atBase = bases.stream().anyMatch(base -> base.gtid().equals(next.fromGtid()));
        return atBase || (!before.isEmpty() && before.getLast().toGtid().equals(next.fromGtid()));
    }

    private static String text(String gtid) {
        return gtid.isEmpty() ? "(none)" : gtid;
    }
}
