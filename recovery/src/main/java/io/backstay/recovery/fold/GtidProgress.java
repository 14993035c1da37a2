package io.backstay.recovery.fold;

import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.MySqlGtidSet;
import java.util.Optional;

/// Which transactions the base has, which were read, and whether the log is in order.
sealed interface GtidProgress permits MariaDbProgress, MySqlProgress {

    static GtidProgress of(GtidSet after) {
        return switch (after) {
            case MariaDbGtidState state -> new MariaDbProgress(state);
            case MySqlGtidSet set -> new MySqlProgress(set);
        };
    }

    /// What to do with a transaction.
    enum Verdict {
        FOLD,
        /// The base, or an earlier stretch, has it.
        PASS_OVER,
        /// Whether the base has it cannot be told: of MariaDB it stands behind a higher number of
        /// its domain; or it is of the other flavour.
        OUT_OF_ORDER
    }

    /// At a transaction's begin; it counts only once [#read] was called.
    Verdict verdict(Gtid gtid);

    /// At a transaction's end.
    void read(Gtid gtid, boolean isFolded);

    /// What was read in front of this log, and is not in its fold.
    void readBefore(GtidSet read);

    /// All that a stored fold stands for.
    void readStored(GtidSet folded);

    /// Of what a file says came before it, something that is neither in the base nor was read.
    Optional<Gtid> findMissing(GtidSet before);

    /// The base and what was folded.
    GtidSet end();

    GtidSet folded();
}
