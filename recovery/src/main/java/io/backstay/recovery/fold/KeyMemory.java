package io.backstay.recovery.fold;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Keeps the keys of all folds within their memory: when they outgrow it, the tables with most of
/// them put theirs aside.
final class KeyMemory {
    private static final int ROWS_BETWEEN_LOOKS = 2048;

    /// Less than that is not worth a file.
    private static final long SPILL_BYTES_MIN = 1 << 16;

    /// Of all tables together: each is an open file.
    private static final int OPEN_RUNS_MAX = 512;

    private final FoldMemory memory;
    private final Collection<TableFold> folds;
    private long nextLook = ROWS_BETWEEN_LOOKS;

    /// @param folds grows while the log is read
    KeyMemory(FoldMemory memory, Collection<TableFold> folds) {
        this.memory = memory;
        this.folds = folds;
    }

    /// Hears that the log contradicts itself about a table, which comes out when runs are merged.
    interface Refusing {
        void refuse(TableFold fold, NetChanges.Contradiction contradiction);
    }

    /// @param rows folded so far
    /// @throws Problem if what cannot be put aside has no room
    void keep(long rows, Refusing refusing) {
        if (rows < nextLook) {
            return;
        }
        nextLook = rows + ROWS_BETWEEN_LOOKS;
        long taken = taken();
        if (taken <= memory.limitBytes()) {
            return;
        }
        List<TableFold> biggestFirst =
                folds.stream()
                        .filter(fold -> fold.isKeyed() && fold.memoryBytes() >= SPILL_BYTES_MIN)
                        .sorted(Comparator.comparingLong(TableFold::memoryBytes).reversed())
                        .toList();
        for (TableFold fold : biggestFirst) {
            if (taken > memory.limitBytes() / 2) {
                taken -= fold.memoryBytes();
                orRefuse(fold, () -> fold.spill(memory.scratch()), refusing);
                taken += fold.memoryBytes();
            }
        }
        if (folds.stream().mapToInt(TableFold::openRuns).sum() > OPEN_RUNS_MAX) {
            folds.forEach(fold -> orRefuse(fold, fold::mergeRuns, refusing));
        }
        requireRoomForKeyless();
    }

    /// A multiset of rows is asked for in no order, and counted down: it stays in memory.
    private void requireRoomForKeyless() {
        long keyless =
                folds.stream()
                        .filter(fold -> !fold.isKeyed())
                        .mapToLong(TableFold::memoryBytes)
                        .sum();
        if (keyless > memory.limitBytes()) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "rows of tables without a primary key take %d KiB of memory, and may take %d KiB"
                            .formatted(keyless >> 10, memory.limitBytes() >> 10),
                    "give more memory: `--memory`; or give the tables a primary key, and take a new base.");
        }
    }

    private static void orRefuse(TableFold fold, Runnable step, Refusing refusing) {
        try {
            step.run();
        } catch (NetChanges.Contradiction e) {
            refusing.refuse(fold, e);
        }
    }

    private long taken() {
        return folds.stream().mapToLong(TableFold::memoryBytes).sum();
    }
}
