package io.backstay.recovery.archive;

import io.backstay.binlog.GtidSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which parts of an archive are needed, and which no kept restore point asks for. Pure.
///
/// - The newest base is always kept.
/// - By count: the newest N bases. By age: every base taken since the limit, and the last one taken
///   before it, as the points in between are reached from there. Kept by either is kept.
/// - A segment goes only if every kept base holds all of it already, and only from the front, so
///   that the chain has no hole.
public final class Retention {
    private Retention() {}

    /// @param bases newest ones to keep; null: the age alone decides
    /// @param since oldest point that must be reachable; null: the count alone decides
    public record Rule(@Nullable Integer bases, @Nullable Instant since) {}

    /// @param why a base or segment stays or goes, for people
    public record Fate(PartEntry part, String name, long bytes, boolean isKept, String why) {}

    /// @param manifest with the kept bases and segments only
    public record Plan(Manifest manifest, List<Fate> fates) {
        public List<Fate> removed() {
            return fates.stream().filter(fate -> !fate.isKept()).toList();
        }

        public List<Fate> kept() {
            return fates.stream().filter(Fate::isKept).toList();
        }
    }

    public static Plan plan(Manifest manifest, Rule rule, Instant now) {
        var fates = new ArrayList<Fate>();
        var bases = new ArrayList<BaseEntry>();
        List<BaseEntry> all = manifest.bases();
        for (int i = 0; i < all.size(); i++) {
            BaseEntry base = all.get(i);
            String why = whyKept(all, i, rule);
            boolean isKept = !why.isEmpty();
            if (isKept) {
                bases.add(base);
            }
            fates.add(
                    new Fate(
                            base.part(),
                            "base " + base.id() + " of " + base.at(),
                            base.bytes() + base.part().lengthBytes(),
                            isKept,
                            isKept ? why : "later bases are enough for what is to be kept"));
        }
        var segments = new ArrayList<SegmentEntry>();
        for (SegmentEntry segment : manifest.segments()) {
            boolean isNeeded = !segments.isEmpty() || !allHold(bases, segment);
            if (isNeeded) {
                segments.add(segment);
            }
            fates.add(
                    new Fate(
                            segment.part(),
                            "segment " + segment.part().path(),
                            segment.part().lengthBytes(),
                            isNeeded,
                            isNeeded
                                    ? "restore points behind a kept base need it"
                                    : "every kept base holds all of it, up to GTID "
                                            + segment.toGtid()));
        }
        return new Plan(manifest.with(bases, segments, now), List.copyOf(fates));
    }

    /// Empty text if it is not.
    private static String whyKept(List<BaseEntry> all, int i, Rule rule) {
        if (i == all.size() - 1) {
            return "the newest base is always kept";
        }
        Integer count = rule.bases();
        if (count != null && i >= all.size() - count) {
            return "one of the newest " + count;
        }
        Instant since = rule.since();
        if (since != null && all.get(i + 1).at().isAfter(since)) {
            return all.get(i).at().isBefore(since)
                    ? "points since " + since + " are reached from it"
                    : "taken since " + since;
        }
        return "";
    }

    private static boolean allHold(List<BaseEntry> bases, SegmentEntry segment) {
        return !bases.isEmpty()
                && bases.stream()
                        .map(base -> GtidSet.parse(base.gtid()))
                        .allMatch(state -> state.covers(GtidSet.parse(segment.toGtid())));
    }
}
