package io.backstay.recovery.fold;

import io.backstay.binlog.Gtid;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MySqlGtid;
import io.backstay.binlog.MySqlGtidSet;
import java.util.Optional;

/// That of a log of MySQL, whose transactions come in any order, with holes that later ones may
/// fill.
final class MySqlProgress implements GtidProgress {
    private final MySqlGtidSet after;
    private MySqlGtidSet read = MySqlGtidSet.EMPTY;
    private MySqlGtidSet folded = MySqlGtidSet.EMPTY;

    MySqlProgress(MySqlGtidSet after) {
        this.after = after;
    }

    @Override
    public Verdict verdict(Gtid named) {
        if (!(named instanceof MySqlGtid gtid)) {
            return Verdict.OUT_OF_ORDER;
        }
        return after.contains(gtid) || read.contains(gtid) ? Verdict.PASS_OVER : Verdict.FOLD;
    }

    @Override
    public void read(Gtid named, boolean isFolded) {
        MySqlGtid gtid = (MySqlGtid) named; // by its verdict
        read = read.with(gtid);
        if (isFolded) {
            folded = folded.with(gtid);
        }
    }

    @Override
    public void readBefore(GtidSet before) {
        if (before instanceof MySqlGtidSet set) {
            read = read.union(set);
        }
    }

    @Override
    public void readStored(GtidSet stored) {
        if (stored instanceof MySqlGtidSet set) {
            read = read.union(set);
            folded = folded.union(set);
        }
    }

    @Override
    public Optional<Gtid> findMissing(GtidSet before) {
        return before instanceof MySqlGtidSet set
                ? set.minus(after).minus(read).findFirst().map(Gtid.class::cast)
                : Optional.empty();
    }

    @Override
    public MySqlGtidSet end() {
        return after.union(folded);
    }

    @Override
    public MySqlGtidSet folded() {
        return folded;
    }
}
