/// From an archive to a proven server: one bulk load of the final state. Start at [Restore]. Never
/// touches a server that is not proven empty, nor anything there that it did not make.
@NullMarked
package io.backstay.recovery.restore;

import org.jspecify.annotations.NullMarked;
