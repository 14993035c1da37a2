/// A change resolved against a fleet: which host, in which order, which step. Start at [Plan].
/// Never looks at a fleet itself: it is handed the facts.
@NullMarked
package io.backstay.change.plan;

import org.jspecify.annotations.NullMarked;
