/// The net inverse of a stretch of log, on the running server it came from. Start at [Undo]. Never
/// touches a row that has moved on since, nor one that the stretch did not change.
@NullMarked
package io.backstay.recovery.undo;

import org.jspecify.annotations.NullMarked;
