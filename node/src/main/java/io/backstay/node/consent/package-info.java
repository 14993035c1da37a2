/// The door at which a machine that boots from the network asks what to boot. Start at
/// [io.backstay.node.consent.ConsentServer]. Never answers with the installer without a consent
/// that it has just spent.
@NullMarked
package io.backstay.node.consent;

import org.jspecify.annotations.NullMarked;
