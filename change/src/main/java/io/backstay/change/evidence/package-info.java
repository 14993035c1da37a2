/// Signed statements about a change: what a rehearsal showed, who approved it, who may act. Start
/// at [Statement]. Never reads a byte of a statement whose signatures did not verify.
@NullMarked
package io.backstay.change.evidence;

import org.jspecify.annotations.NullMarked;
