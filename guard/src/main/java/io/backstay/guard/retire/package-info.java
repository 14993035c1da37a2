/// A host that holds data, taken out of its cluster for good: fenced, watched, stopped, watched,
/// looked at again, and only then destroyed. Start at [io.backstay.guard.retire.Retirement]. Never
/// takes a step that cannot be undone before the last one.
@NullMarked
package io.backstay.guard.retire;

import org.jspecify.annotations.NullMarked;
