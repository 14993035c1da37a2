/// The ordered lane: events of a log executed by a server, in order, in one session. Start at
/// [OrderedReplay]. It decides nothing: which events these are is for the fold to say.
@NullMarked
package io.backstay.recovery.lane;

import org.jspecify.annotations.NullMarked;
