package io.backstay.recovery.fold;

import io.backstay.recovery.run.Run;
import io.backstay.recovery.run.RunCursor;
import io.backstay.recovery.run.RunFinder;
import io.backstay.recovery.run.RunMerge;
import io.backstay.recovery.run.RunWriter;
import io.backstay.recovery.run.ScratchFiles;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The net changes of a table with a primary key of which not all keys fit in memory.
///
/// The log falls into stretches, each folded by itself ([KeyedChanges]) and put aside as a sorted
/// run; runs with one key are folded as the log is: the first image before, the last image after.
final class SpilledChanges implements NetChanges {
    /// Runs that are merged at once: each takes a block of memory.
    private static final int RUNS_MAX = 16;

    private final ScratchFiles scratch;
    private final boolean isBaseVoid;
    private final List<Run> runs = new ArrayList<>();
    private KeyedChanges current;
    private Optional<Run> whole = Optional.empty();
    private long imagesBefore;

    /// @param first what was folded up to now
    SpilledChanges(KeyedChanges first, ScratchFiles scratch) {
        this.current = first;
        this.isBaseVoid = first.isBaseVoid();
        this.scratch = scratch;
    }

    /// Puts all that is in memory aside.
    ///
    /// @throws Contradiction if the log contradicts itself
    void spill() {
        var writer = new RunWriter(scratch);
        current.writeTo(writer);
        runs.add(writer.end());
        current = current.successor();
        if (runs.size() >= RUNS_MAX) {
            mergeRuns();
        }
    }

    int openRuns() {
        return runs.size();
    }

    /// To one.
    ///
    /// @throws Contradiction if the log contradicts itself
    void mergeRuns() {
        if (runs.size() > 1) {
            Run merged = merged();
            runs.clear();
            runs.add(merged);
        }
    }

    @Override
    public void finish() {
        if (current.size() > 0) {
            spill();
        }
        whole = Optional.of(merged());
        runs.clear();
        current = current.successor();
    }

    private Run merged() {
        imagesBefore = 0;
        var writer = new RunWriter(scratch);
        var merge = new RunMerge(runs);
        var key = new RowBuffer();
        long before = NetRows.ABSENT;
        long after = NetRows.ABSENT;
        boolean isFirst = true;
        for (Optional<RunCursor> next = merge.next(); next.isPresent(); next = merge.next()) {
            RunCursor entry = next.get();
            if (!isFirst && isKey(entry, key)) {
                // a row that came and went there has no image: the one in front tells the place
                KeyedChanges.requireFollows(
                        after != NetRows.ABSENT,
                        entry.first(),
                        entry.second() == NetRows.ABSENT ? after : entry.second());
            } else {
                if (!isFirst) {
                    put(writer, key, before, after);
                }
                isFirst = false;
                key.clear();
                key.putRaw(entry.bytes(), entry.keyFrom(), entry.keyLength());
                before = entry.first();
            }
            after = entry.second();
        }
        if (!isFirst) {
            put(writer, key, before, after);
        }
        Run merged = writer.end();
        runs.forEach(Run::close);
        return merged;
    }

    private static boolean isKey(RunCursor entry, RowBuffer key) {
        return java.util.Arrays.equals(
                entry.bytes(),
                entry.keyFrom(),
                entry.keyFrom() + entry.keyLength(),
                key.bytes(),
                0,
                key.length());
    }

    private void put(RunWriter writer, RowBuffer key, long before, long after) {
        if (before != NetRows.ABSENT) {
            KeyedChanges.requireNotVoid(isBaseVoid, before);
            imagesBefore++;
        }
        writer.add(key.bytes(), key.length(), before, after);
    }

    private Run whole() {
        return whole.orElseThrow(() -> new IllegalStateException("not all is folded yet"));
    }

    @Override
    public void insert(MemorySegment s, long row, long place) {
        current.insert(s, row, place);
    }

    @Override
    public void delete(MemorySegment s, long row, long place) {
        current.delete(s, row, place);
    }

    @Override
    public void update(
            MemorySegment s, long before, long beforePlace, long after, long afterPlace) {
        current.update(s, before, beforePlace, after, afterPlace);
    }

    @Override
    public long memoryBytes() {
        return current.memoryBytes();
    }

    @Override
    public long size() {
        return whole().entries();
    }

    @Override
    public NetCursor cursor() {
        RunCursor at = whole().cursor();
        return new NetCursor() {
            @Override
            public boolean next() {
                return at.next();
            }

            @Override
            public int countBefore() {
                return at.first() == NetRows.ABSENT ? 0 : 1;
            }

            @Override
            public int countAfter() {
                return at.second() == NetRows.ABSENT ? 0 : 1;
            }

            @Override
            public long placeBefore() {
                return at.first();
            }

            @Override
            public long placeAfter() {
                return at.second();
            }
        };
    }

    @Override
    public BaseLookup lookup() {
        return new Lookup(whole().finder());
    }

    private final class Lookup implements BaseLookup {
        private final RunFinder finder;
        private final RowBuffer key = new RowBuffer();
        private long found;

        Lookup(RunFinder finder) {
            this.finder = finder;
        }

        @Override
        public boolean isVoid(byte[] line, int from, int to) {
            if (isBaseVoid) {
                return true;
            }
            current.sortKeyOfText(line, from, to, key);
            if (!finder.find(key.bytes(), key.length())) {
                return false;
            }
            KeyedChanges.requireInBase(finder.first());
            found++;
            return true;
        }

        @Override
        public long missing() {
            return imagesBefore - found;
        }
    }
}
