/// Sorted runs of keys in files without a name: what a fold puts aside when its keys do not fit in
/// memory. Knows bytes only, nothing of rows or logs.
@NullMarked
package io.backstay.recovery.run;

import org.jspecify.annotations.NullMarked;
