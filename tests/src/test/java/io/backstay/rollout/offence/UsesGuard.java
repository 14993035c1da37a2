package io.backstay.rollout.offence;

import io.backstay.guard.Guard;

/// Reaches the guard without its protocol, on purpose.
final class UsesGuard {
    Guard guard;
}
