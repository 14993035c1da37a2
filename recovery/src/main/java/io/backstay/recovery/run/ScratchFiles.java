package io.backstay.recovery.run;

import java.nio.channels.FileChannel;

/// Room outside of memory.
@FunctionalInterface
public interface ScratchFiles {
    /// A new, empty file for reading and writing, which is gone when it is closed.
    ///
    /// @throws io.backstay.doors.Problem if there is no room for one
    FileChannel create();
}
