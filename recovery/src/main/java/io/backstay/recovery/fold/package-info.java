/// The net row changes that a stretch of binary log amounts to. Start at [LogFold]. Pure: reads
/// memory it is handed, never a server, a file or a clock; what it cannot fold exactly it refuses
/// by name, and never skips.
@NullMarked
package io.backstay.recovery.fold;

import org.jspecify.annotations.NullMarked;
