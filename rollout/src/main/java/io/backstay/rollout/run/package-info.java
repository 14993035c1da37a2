/// One run of a change through a fleet, real or twin. Start at [Rollout]. Writes down every step
/// before it is taken, and freezes at the first no.
@NullMarked
package io.backstay.rollout.run;

import org.jspecify.annotations.NullMarked;
