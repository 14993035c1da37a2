/// The change file, its plan, states, gate, evidence and approvals. Pure: no clock, no network, no
/// disk but the change directory.
@NullMarked
package io.backstay.change;

import org.jspecify.annotations.NullMarked;
