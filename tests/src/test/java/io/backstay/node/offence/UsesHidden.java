package io.backstay.node.offence;

import io.backstay.guard.internal.offence.Hidden;

/// Reaches into another module, on purpose.
final class UsesHidden {
    Hidden hidden;
}
