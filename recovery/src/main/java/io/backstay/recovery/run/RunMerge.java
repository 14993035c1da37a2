package io.backstay.recovery.run;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/// All entries of several runs in the order of their keys; those with one key in the order of the
/// runs. One thread.
public final class RunMerge {
    private record Source(int number, RunCursor cursor) {}

    private final PriorityQueue<Source> sources =
            new PriorityQueue<>(
                    Comparator.comparing(Source::cursor, RunMerge::compareKeys)
                            .thenComparingInt(Source::number));

    /// Taken out by the last [#next].
    private Optional<Source> current = Optional.empty();

    public RunMerge(List<Run> runs) {
        for (int i = 0; i < runs.size(); i++) {
            add(new Source(i, runs.get(i).cursor()));
        }
    }

    private static int compareKeys(RunCursor a, RunCursor b) {
        return a.compareKey(b.bytes(), b.keyFrom(), b.keyLength());
    }

    private void add(Source source) {
        if (source.cursor().next()) {
            sources.add(source);
        }
    }

    /// @return the next entry, valid until the next call; empty behind the last
    public Optional<RunCursor> next() {
        current.ifPresent(this::add);
        current = Optional.ofNullable(sources.poll());
        return current.map(Source::cursor);
    }
}
