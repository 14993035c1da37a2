/// May this target be destroyed? Never reads unknown as safe.
@NullMarked
package io.backstay.guard;

import org.jspecify.annotations.NullMarked;
