/// The drill: the outage and its prevention, played on an embedded fleet of real servers. Never
/// touches anything outside its own folder and loopback addresses.
@NullMarked
package io.backstay.cli.drill;

import org.jspecify.annotations.NullMarked;
