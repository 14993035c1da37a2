/// Copies of data directories: what one is, and the server that is started on it. Start at
/// [PhysicalCopy]. Never touches a copy that was given: work is done on a copy of it.
@NullMarked
package io.backstay.recovery.physical;

import org.jspecify.annotations.NullMarked;
