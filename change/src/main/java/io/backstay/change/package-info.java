/// The change file: what shall be done, to whom, within which limits, and how it is taken back.
/// Start at [ChangeDirectory]. Reads the change's own directory, never anything else, and acts on
/// nothing.
@NullMarked
package io.backstay.change;

import org.jspecify.annotations.NullMarked;
