package io.backstay.recovery.fold;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
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

    /// @param isBaseVoid the table is empty before the first change
    KeyedChanges(String table, KeyIdentity identity, RowLayout layout, boolean isBaseVoid) {
        this.table = table;
        this.identity = identity;
        this.layout = layout;
        this.isBaseVoid = isBaseVoid;
    }

    @Override
    public int size() {
        return identity.isLong() ? longKeys.size() : byteKeys.size();
    }

    @Override
    public int countAfter(int entry) {
        return rows.after(entry) == NetRows.ABSENT ? 0 : 1;
    }

    @Override
    public int countBefore(int entry) {
        return rows.before(entry) == NetRows.ABSENT ? 0 : 1;
    }

    @Override
    public long placeAfter(int entry) {
        return rows.after(entry);
    }

    @Override
    public long placeBefore(int entry) {
        return rows.before(entry);
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
            if (isBaseVoid && before != NetRows.ABSENT) {
                throw new Contradiction(TWICE.formatted("changed", "the log emptied the table"));
            }
            return;
        }
        boolean isThere = rows.after(entry) != NetRows.ABSENT;
        if (isThere != (before != NetRows.ABSENT)) {
            throw new Contradiction(
                    isThere
                            ? TWICE.formatted("inserted", "the log says that it was there already")
                            : TWICE.formatted("changed", "the log says that it was not there"));
        }
        rows.replaceAfter(entry, after);
    }

    private int findOrAdd(MemorySegment s, long row, RowBuffer scratch) {
        if (identity.isLong()) {
            return longKeys.findOrAdd(identity.longOfImage(layout, s, row));
        }
        identity.bytesOfImage(layout, s, row, scratch);
        return byteKeys.findOrAdd(scratch.bytes(), scratch.length());
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
            if (rows.before(entry) == NetRows.ABSENT) {
                throw new Contradiction(TWICE.formatted("inserted", "the base has it already"));
            }
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
                throw new Problem(
                        ErrorCode.BAD_FILE,
                        "a base row of %s has no number in its primary key: %s"
                                .formatted(table, e.getMessage()),
                        "verify the archive with `backstay archive verify`.",
                        e);
            }
            return byteKeys.find(scratch.bytes(), scratch.length());
        }

        @Override
        public long missing() {
            long expected = 0;
            for (int entry = 0; entry < size(); entry++) {
                expected += rows.before(entry) != NetRows.ABSENT ? 1 : 0;
            }
            return expected - found;
        }
    }
}
