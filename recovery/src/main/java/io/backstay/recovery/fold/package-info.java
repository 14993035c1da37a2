/// The net row changes that a stretch of binary log amounts to, and the events of tables for which
/// there is no such thing. Start at [LogFold]; which table goes which way is decided in
/// `TransactionFold`. Pure: reads memory it is handed, never a server, a file or a clock; what it
/// can neither fold exactly nor keep in order it refuses by name, and never skips.
@NullMarked
package io.backstay.recovery.fold;

import org.jspecify.annotations.NullMarked;
