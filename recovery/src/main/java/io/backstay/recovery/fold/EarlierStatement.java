package io.backstay.recovery.fold;

import io.backstay.binlog.EventOrigin;
import io.backstay.binlog.QueryEvent;

/// A statement behind the base and in front of what is folded. Its rows are there already; what it
/// defined may not be as the base has it any more.
public record EarlierStatement(QueryEvent query, String gtid, EventOrigin origin) {}
