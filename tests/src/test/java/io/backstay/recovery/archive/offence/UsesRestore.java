package io.backstay.recovery.archive.offence;

import io.backstay.recovery.restore.offence.Restored;

/// Turns the direction inside recovery round, on purpose.
final class UsesRestore {
    Restored restored;
}
