/// The guard's fault catalogue as real situations on this machine. Start at
/// [io.backstay.cli.faults.FaultCatalogue]. Each drill first lets a small script of the usual kind
/// look, which must be fooled, then asks the guard, which must not. Never touches anything outside
/// its own folder.
@NullMarked
package io.backstay.cli.faults;

import org.jspecify.annotations.NullMarked;
