/// The embedded fleet, live or twin: hosts that are folders and loopback addresses, each with an
/// agent. Start at [EmbeddedFleet].
@NullMarked
package io.backstay.cli.drill.fleet;

import org.jspecify.annotations.NullMarked;
