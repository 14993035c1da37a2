/// The log executed again, event by event in one session, as the standard tool does: what a restore
/// is measured against. Start at [OneSessionReplay]. Never part of a restore.
@NullMarked
package io.backstay.recovery.replay;

import org.jspecify.annotations.NullMarked;
