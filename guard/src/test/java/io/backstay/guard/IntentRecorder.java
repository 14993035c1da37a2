package io.backstay.guard;

import java.nio.file.Path;

/// A recorder for tests that look at the intent only.
interface IntentRecorder extends GuardedAct.Recorder {
    @Override
    default void holding(Path held) {}
}
