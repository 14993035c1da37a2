/// Net changes of a stretch of log on a running server, row by row as they were logged. Start at
/// [ChangedTables]. Never changes a row that is not as the log says it must be.
@NullMarked
package io.backstay.recovery.apply;

import org.jspecify.annotations.NullMarked;
