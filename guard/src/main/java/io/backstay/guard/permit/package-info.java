/// Leave for one `guard exec` on this host, signed by two people who were shown what it is for.
/// Start at [io.backstay.guard.permit.PermitDesk]. Never replaces a look: the guard refuses with a
/// permit as it does without.
@NullMarked
package io.backstay.guard.permit;

import org.jspecify.annotations.NullMarked;
