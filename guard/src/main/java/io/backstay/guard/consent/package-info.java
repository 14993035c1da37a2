/// A host's signed leave to be destroyed from outside, by an installer that does not ask it. Start
/// at [io.backstay.guard.consent.ConsentIssuer] on the host and
/// [io.backstay.guard.consent.ConsentDesk] where machines are provisioned. Never reads silence as
/// consent.
@NullMarked
package io.backstay.guard.consent;

import org.jspecify.annotations.NullMarked;
