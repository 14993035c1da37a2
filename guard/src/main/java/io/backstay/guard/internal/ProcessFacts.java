package io.backstay.guard.internal;

import java.util.List;
import java.util.Set;

/// What one process was seen to hold, or one thread of it that has tables of its own.
///
/// @param pid of that process or thread: `/proc` knows both
/// @param name `comm`; no identity, only for people
/// @param held its open and mapped files, working directory, root and program
/// @param sockets inodes of its sockets
/// @param mountNamespace as `/proc` names it; `?PID` where that may not be read
/// @param unreadable what could not be seen of it; empty if all was
record ProcessFacts(
        int pid,
        String name,
        List<Held> held,
        Set<Long> sockets,
        List<String> args,
        String networkNamespace,
        String mountNamespace,
        List<String> unreadable) {

    enum How {
        OPEN,
        /// Known to an io_uring by a number of its own; it needs no descriptor.
        REGISTERED,
        MAPPED,
        WORKING_DIRECTORY,
        ROOT,
        PROGRAM
    }

    /// @param key [FileKey#UNKNOWN] where the kernel prints a name only
    /// @param text the name as the kernel prints it to this process, without ` (deleted)`
    /// @param descriptor number in that process, -1 if it is none
    /// @param mount id of the mount it was opened through, -1 if not known
    /// @param blockDevice number of the block device that it is, 0 if it is none
    record Held(
            How how,
            FileKey key,
            String text,
            boolean deleted,
            int descriptor,
            int mount,
            long blockDevice) {
        Held(How how, FileKey key, String text, boolean deleted, int descriptor) {
            this(how, key, text, deleted, descriptor, -1, 0);
        }
    }

    String label() {
        return "process %d (%s)".formatted(pid, name);
    }
}
