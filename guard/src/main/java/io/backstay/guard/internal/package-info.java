/// The guard's probes, one a class, with the controls they must find first. Start at
/// [io.backstay.guard.internal.HostGuard].
@NullMarked
package io.backstay.guard.internal;

import org.jspecify.annotations.NullMarked;
