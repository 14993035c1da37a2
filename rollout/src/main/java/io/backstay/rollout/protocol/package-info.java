/// What controller and agent say to each other, as records that are JSON on the wire. Start at
/// [Offer]. Never acts.
@NullMarked
package io.backstay.rollout.protocol;

import org.jspecify.annotations.NullMarked;
