/// May this change go on? Rules of a policy over facts. Start at [Gate]. Never reads a missing, odd
/// or failing answer as yes.
@NullMarked
package io.backstay.change.gate;

import org.jspecify.annotations.NullMarked;
