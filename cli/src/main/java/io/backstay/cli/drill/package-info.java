/// The drill: the outage and its prevention, played on real servers of this machine. Start at
/// [Drill]. Touches one folder and loopback addresses, nothing else.
@NullMarked
package io.backstay.cli.drill;

import org.jspecify.annotations.NullMarked;
