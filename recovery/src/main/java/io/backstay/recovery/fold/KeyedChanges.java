package io.backstay.recovery.fold;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.run.RunWriter;
import java.lang.foreign.MemorySegment;

/// The net changes of a table with a primary key.
///
/// First operation gives the image before, last the image after: I+U=I, I+D=nothing, U+U=U, U+D=D,
/// D+I=U; an update that changes the key's bytes is D of the old and I of the new key.
final class KeyedChanges implements NetChanges {
    private static final String TWICE =
            "a row was %s, although %s: rows were changed that are not in the log";

    private final String table;
    private final KeyIdentity identity;
    private final RowLayout layout;
    private final boolean isBaseVoid;
    private final NetRows rows = new NetRows();
    private final LongKeys longKeys = new LongKeys();
    private final ByteKeys byteKeys = new ByteKeys();
    private final RowBuffer key = new RowBuffer();
    private final RowBuffer otherKey = new RowBuffer();
    private int known;
    private int[] order = {};

    /// @param isBaseVoid the table is empty before the first change
    KeyedChanges(String table, KeyIdentity identity, RowLayout layout, boolean isBaseVoid) {
        this.table = table;
        this.identity = identity;
        this.layout = layout;
        this.isBaseVoid = isBaseVoid;
    }

    /// For what comes behind this one, of which nothing is known.
    KeyedChanges successor() {
        return new KeyedChanges(table, identity, layout, false);
    }

    boolean isBaseVoid() {
        return isBaseVoid;
    }

    @Override
    public long size() {
        return known;
    }

    @Override
    public long memoryBytes() {
        return longKeys.memoryBytes() + byteKeys.memoryBytes() + rows.memoryBytes();
    }

    @Override
    public void finish() {
        order = order();
    }

    private int[] order() {
        return identity.isLong()
                ? EntrySort.sorted(
                        known,
                        identity.isUnsigned() ? longKeys::compareUnsigned : longKeys::compare)
                : EntrySort.sorted(known, byteKeys::compare);
    }

    /// All entries by their keys.
    void writeTo(RunWriter run) {
        for (int entry : order()) {
            if (identity.isLong()) {
                key.clear();
                identity.putSortKey(longKeys.key(entry), key);
            } else {
                byteKeys.copy(entry, key);
            }
            run.add(key.bytes(), key.length(), rows.before(entry), rows.after(entry));
        }
    }

    /// The key of a base row as [#writeTo] has it.
    void sortKeyOfText(byte[] line, int from, int to, RowBuffer into) {
        try {
            if (identity.isLong()) {
                into.clear();
                identity.putSortKey(identity.longOfText(line, from, to), into);
            } else {
                identity.bytesOfText(line, from, to, into);
            }
        } catch (NumberFormatException e) {
            throw noNumber(e);
        }
    }

    @Override
    public NetCursor cursor() {
        return new Cursor();
    }

    private final class Cursor implements NetCursor {
        private int next;

        @Override
        public boolean next() {
            if (order.length != known) {
                throw new IllegalStateException("not all is folded yet");
            }
            return next++ < known;
        }

        private int entry() {
            return order[next - 1];
        }

        @Override
        public int countBefore() {
            return placeBefore() == NetRows.ABSENT ? 0 : 1;
        }

        @Override
        public int countAfter() {
            return placeAfter() == NetRows.ABSENT ? 0 : 1;
        }

        @Override
        public long placeBefore() {
            return rows.before(entry());
        }

        @Override
        public long placeAfter() {
            return rows.after(entry());
        }
    }

    @Override
    public void insert(MemorySegment s, long row, long place) {
        put(findOrAdd(s, row, key), NetRows.ABSENT, place);
    }

    @Override
    public void delete(MemorySegment s, long row, long place) {
        put(findOrAdd(s, row, key), place, NetRows.ABSENT);
    }

    @Override
    public void update(
            MemorySegment s, long before, long beforePlace, long after, long afterPlace) {
        if (isSameKey(s, before, after)) {
            put(findOrAdd(s, before, key), beforePlace, afterPlace);
        } else {
            delete(s, before, beforePlace);
            insert(s, after, afterPlace);
        }
    }

    private boolean isSameKey(MemorySegment s, long before, long after) {
        if (identity.isLong()) {
            return identity.longOfImage(layout, s, before)
                    == identity.longOfImage(layout, s, after);
        }
        identity.bytesOfImage(layout, s, before, key);
        identity.bytesOfImage(layout, s, after, otherKey);
        return java.util.Arrays.equals(
                key.bytes(), 0, key.length(), otherKey.bytes(), 0, otherKey.length());
    }

    /// @param before ABSENT for an insert
    /// @param after ABSENT for a delete
    private void put(int entry, long before, long after) {
        if (entry == known) {
            known++;
            rows.add(entry, before, after);
            if (before != NetRows.ABSENT) {
                requireNotVoid(isBaseVoid, before);
            }
            return;
        }
        requireFollows(rows.after(entry) != NetRows.ABSENT, before, after);
        rows.replaceAfter(entry, after);
    }

    /// @param before the first image of a row that was there
    static void requireNotVoid(boolean isBaseVoid, long before) {
        if (isBaseVoid) {
            throw new Contradiction(
                    TWICE.formatted("changed", "the log emptied the table"), before);
        }
    }

    /// @param isThere whether the log has left the row there
    /// @param before what the next change found; ABSENT if no row
    /// @param place where that is told, if it found none
    static void requireFollows(boolean isThere, long before, long place) {
        if (isThere != (before != NetRows.ABSENT)) {
            throw new Contradiction(
                    isThere
                            ? TWICE.formatted("inserted", "the log says that it was there already")
                            : TWICE.formatted("changed", "the log says that it was not there"),
                    before == NetRows.ABSENT ? place : before);
        }
    }

    /// @param before the first image of a row that the base has
    static void requireInBase(long before) {
        if (before == NetRows.ABSENT) {
            throw new Contradiction(TWICE.formatted("inserted", "the base has it already"));
        }
    }

    private int findOrAdd(MemorySegment s, long row, RowBuffer scratch) {
        if (identity.isLong()) {
            return longKeys.findOrAdd(identity.longOfImage(layout, s, row));
        }
        identity.bytesOfImage(layout, s, row, scratch);
        return byteKeys.findOrAdd(scratch.bytes(), scratch.length());
    }

    private Problem noNumber(NumberFormatException e) {
        return new Problem(
                ErrorCode.BAD_FILE,
                "a base row of %s has no number in its primary key: %s"
                        .formatted(table, e.getMessage()),
                "verify the archive with `backstay archive verify`.",
                e);
    }

    @Override
    public BaseLookup lookup() {
        return new Lookup();
    }

    private final class Lookup implements BaseLookup {
        private final RowBuffer scratch = new RowBuffer();
        private long found;

        @Override
        public boolean isVoid(byte[] line, int from, int to) {
            int entry = find(line, from, to);
            if (entry < 0) {
                return isBaseVoid;
            }
            if (isBaseVoid) {
                return true;
            }
            requireInBase(rows.before(entry));
            found++;
            return true;
        }

        private int find(byte[] line, int from, int to) {
            try {
                if (identity.isLong()) {
                    return longKeys.find(identity.longOfText(line, from, to));
                }
                identity.bytesOfText(line, from, to, scratch);
            } catch (NumberFormatException e) {
                throw noNumber(e);
            }
            return byteKeys.find(scratch.bytes(), scratch.length());
        }

        @Override
        public long missing() {
            long expected = 0;
            for (int entry = 0; entry < known; entry++) {
                expected += rows.before(entry) != NetRows.ABSENT ? 1 : 0;
            }
            return expected - found;
        }
    }
}
