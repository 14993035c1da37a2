package io.backstay.binlog;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;

/// A set of MySQL transactions: for every source and tag the intervals of their numbers, holes and
/// all.
///
/// Immutable. Printed as the server prints it, sorted by UUID and tag, the untagged first:
/// `uuid:1-3:5:tag:1-2,uuid:7`. Source: MySQL manual, "GTID Format and Storage".
public final class MySqlGtidSet implements GtidSet {
    public static final MySqlGtidSet EMPTY = new MySqlGtidSet(new TreeMap<>(Owner.ORDER));

    private final SortedMap<Owner, GtidIntervals> intervals;

    /// Whose numbers they are.
    private record Owner(UUID source, String tag) {
        /// As the server sorts: UUIDs by their bytes, unsigned, which is the order of their text.
        static final Comparator<Owner> ORDER =
                Comparator.comparing((Owner owner) -> owner.source.toString())
                        .thenComparing(Owner::tag);
    }

    private MySqlGtidSet(SortedMap<Owner, GtidIntervals> intervals) {
        this.intervals = intervals;
    }

    /// Parses what `@@gtid_executed` and its like print. Space is ignored; empty text is the empty
    /// set.
    ///
    /// @throws IllegalArgumentException if a part is not `uuid[:tag]:interval...`
    public static MySqlGtidSet parse(String text) {
        var builder = new Builder();
        for (String part : text.split(",", -1)) {
            String entry = part.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
            if (!entry.isEmpty()) {
                parseSource(entry, builder);
            }
        }
        return builder.build();
    }

    private static void parseSource(String entry, Builder builder) {
        String[] words = entry.split(":", -1);
        UUID source = MySqlGtid.requireUuid(words[0]);
        String tag = "";
        boolean hasInterval = false;
        for (int i = 1; i < words.length; i++) {
            if (!words[i].isEmpty() && !Character.isDigit(words[i].charAt(0))) {
                tag = MySqlGtid.requireTag(words[i]);
                hasInterval = false;
                continue;
            }
            parseInterval(entry, words[i], source, tag, builder);
            hasInterval = true;
        }
        if (!hasInterval) {
            throw notASet(entry, null);
        }
    }

    private static void parseInterval(
            String entry, String word, UUID source, String tag, Builder builder) {
        int dash = word.indexOf('-');
        try {
            long first = Long.parseLong(dash < 0 ? word : word.substring(0, dash));
            long last = dash < 0 ? first : Long.parseLong(word.substring(dash + 1));
            if (first < 1 || last < first || last == Long.MAX_VALUE) {
                throw notASet(entry, null);
            }
            builder.add(source, tag, first, last);
        } catch (NumberFormatException e) {
            throw notASet(entry, e);
        }
    }

    private static IllegalArgumentException notASet(
            String entry, @org.jspecify.annotations.Nullable Throwable cause) {
        return new IllegalArgumentException(
                "not a MySQL GTID set: expected uuid[:tag]:first-last..., found '" + entry + "'",
                cause);
    }

    @Override
    public boolean isEmpty() {
        return intervals.isEmpty();
    }

    @Override
    public boolean covers(GtidSet other) {
        return other.isEmpty() || (other instanceof MySqlGtidSet set && set.isSubsetOf(this));
    }

    @Override
    public boolean has(Gtid gtid) {
        return gtid instanceof MySqlGtid ours && contains(ours);
    }

    @Override
    public GtidSet and(Gtid gtid) {
        return switch (gtid) {
            case MySqlGtid ours -> with(ours);
            case MariaDbGtid theirs when isEmpty() -> MariaDbGtidState.EMPTY.with(theirs);
            case MariaDbGtid theirs ->
                    throw new IllegalArgumentException(
                            this + " takes no GTID of MariaDB: " + theirs);
        };
    }

    @Override
    public GtidSet and(GtidSet other) {
        return switch (other) {
            case MySqlGtidSet ours -> union(ours);
            case MariaDbGtidState theirs when theirs.isEmpty() -> this;
            case MariaDbGtidState theirs when isEmpty() -> theirs;
            case MariaDbGtidState theirs ->
                    throw new IllegalArgumentException(
                            this + " joins with no GTIDs of MariaDB: " + theirs);
        };
    }

    @Override
    public GtidSet place() {
        return this;
    }

    /// As the server reads it in a request for its log: the layout of [PreviousGtidsEvent], with
    /// tags only where there are some.
    public byte[] encode() {
        boolean hasTags = intervals.keySet().stream().anyMatch(owner -> !owner.tag.isEmpty());
        int length = Long.BYTES;
        for (var entry : intervals.entrySet()) {
            length +=
                    3 * Long.BYTES
                            + (hasTags ? 1 + entry.getKey().tag.length() : 0)
                            + 2 * Long.BYTES * entry.getValue().lastByFirst().size();
        }
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(hasTags ? 1L | (long) intervals.size() << 8 | 1L << 56 : intervals.size());
        intervals.forEach(
                (owner, numbers) -> {
                    out.order(ByteOrder.BIG_ENDIAN)
                            .putLong(owner.source.getMostSignificantBits())
                            .putLong(owner.source.getLeastSignificantBits())
                            .order(ByteOrder.LITTLE_ENDIAN);
                    if (hasTags) {
                        out.put((byte) (owner.tag.length() * 2));
                        out.put(owner.tag.getBytes(StandardCharsets.US_ASCII));
                    }
                    out.putLong(numbers.lastByFirst().size());
                    numbers.lastByFirst()
                            .forEach((first, last) -> out.putLong(first).putLong(last + 1));
                });
        return out.array();
    }

    public boolean contains(MySqlGtid gtid) {
        return of(new Owner(gtid.source(), gtid.tag())).contains(gtid.number());
    }

    public MySqlGtidSet with(MySqlGtid gtid) {
        var one = new Builder();
        one.add(gtid.source(), gtid.tag(), gtid.number(), gtid.number());
        return union(one.build());
    }

    public MySqlGtidSet union(MySqlGtidSet other) {
        return combined(other, GtidIntervals::union);
    }

    /// What is in this set and not in the other.
    public MySqlGtidSet minus(MySqlGtidSet other) {
        return combined(other, GtidIntervals::minus);
    }

    public boolean isSubsetOf(MySqlGtidSet other) {
        return minus(other).isEmpty();
    }

    /// The lowest number of the first source and tag.
    public Optional<MySqlGtid> findFirst() {
        return intervals.entrySet().stream()
                .findFirst()
                .map(
                        entry ->
                                new MySqlGtid(
                                        entry.getKey().source(),
                                        entry.getKey().tag(),
                                        entry.getValue().lastByFirst().firstKey()));
    }

    /// How many transactions.
    public long count() {
        return intervals.values().stream().mapToLong(GtidIntervals::count).sum();
    }

    private GtidIntervals of(Owner owner) {
        return intervals.getOrDefault(owner, GtidIntervals.NONE);
    }

    private MySqlGtidSet combined(
            MySqlGtidSet other, BiFunction<GtidIntervals, GtidIntervals, GtidIntervals> combine) {
        var all = new TreeMap<Owner, GtidIntervals>(Owner.ORDER);
        all.putAll(intervals);
        other.intervals.forEach(
                (owner, theirs) -> all.put(owner, combine.apply(of(owner), theirs)));
        all.values().removeIf(GtidIntervals::isEmpty);
        return new MySqlGtidSet(all);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MySqlGtidSet that && intervals.equals(that.intervals);
    }

    @Override
    public int hashCode() {
        return intervals.hashCode();
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        UUID last = null;
        for (var entry : intervals.entrySet()) {
            Owner owner = entry.getKey();
            if (!owner.source.equals(last)) {
                text.append(text.isEmpty() ? "" : ",").append(owner.source);
            }
            text.append(owner.tag.isEmpty() ? "" : ":" + owner.tag);
            text.append(':').append(entry.getValue());
            last = owner.source;
        }
        return text.toString();
    }

    /// Gathers intervals in any order.
    static final class Builder {
        private final SortedMap<Owner, TreeMap<Long, Long>> gathered = new TreeMap<>(Owner.ORDER);

        void add(UUID source, String tag, long first, long last) {
            GtidIntervals.add(
                    gathered.computeIfAbsent(new Owner(source, tag), _ -> new TreeMap<>()),
                    first,
                    last);
        }

        MySqlGtidSet build() {
            var all = new TreeMap<Owner, GtidIntervals>(Owner.ORDER);
            gathered.forEach((owner, numbers) -> all.put(owner, new GtidIntervals(numbers)));
            return new MySqlGtidSet(all);
        }
    }
}
