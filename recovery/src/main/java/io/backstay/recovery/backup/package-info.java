/// A logical base: one consistent copy of a running server, taken by several sessions on one
/// snapshot. Start at [Backup]. Never holds writers up for longer than the snapshot takes.
@NullMarked
package io.backstay.recovery.backup;

import org.jspecify.annotations.NullMarked;
