package io.backstay.recovery.fold;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.Gtid;

/// Where a fold ends; always between two transactions.
public sealed interface FoldStop {

    /// All there is.
    record AtEnd() implements FoldStop {}

    /// That transaction is the last one in. It must be in the log.
    record AfterGtid(Gtid gtid) implements FoldStop {}

    /// The last transaction that ends at or before that place. Its file must be among the
    /// stretches.
    record AtPosition(BinlogPosition position) implements FoldStop {}
}
