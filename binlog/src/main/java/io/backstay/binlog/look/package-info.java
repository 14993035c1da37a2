/// What happened in a log, for people: its events, its figures, a row's history, its net changes.
/// Start at [LogWalk]. Needs no server; never changes anything.
@NullMarked
package io.backstay.binlog.look;

import org.jspecify.annotations.NullMarked;
