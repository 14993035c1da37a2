/// Follows a server's binary log into an archive, durably, from its end on. Start at [Streamer].
/// Never leaves a hole: what does not join the archive's end is refused.
@NullMarked
package io.backstay.recovery.stream;

import org.jspecify.annotations.NullMarked;
