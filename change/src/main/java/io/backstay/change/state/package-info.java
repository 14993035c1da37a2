/// Where a change, a step, a switchover and an approval stand, as pure functions of what has
/// happened. Start at [ChangeState]. No clock, no I/O; what is not listed is refused.
@NullMarked
package io.backstay.change.state;

import org.jspecify.annotations.NullMarked;
