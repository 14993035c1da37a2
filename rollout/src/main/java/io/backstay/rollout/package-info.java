/// Carries a change through a fleet, real or twin. Never acts but through an agent.
@NullMarked
package io.backstay.rollout;

import org.jspecify.annotations.NullMarked;
