/// May this target be destroyed? Start at [io.backstay.guard.Guard]; [io.backstay.guard.GuardedAct]
/// destroys under an interlock. Never reads unknown as safe, never takes what it knows about this
/// host from a request.
@NullMarked
package io.backstay.guard;

import org.jspecify.annotations.NullMarked;
