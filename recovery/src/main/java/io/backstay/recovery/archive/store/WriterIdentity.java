package io.backstay.recovery.archive.store;

import io.backstay.doors.Disk;
import io.backstay.doors.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One process of one boot of one host, as another process can tell it.
///
/// @param pidNamespace inode of the process's PID namespace: a pid of another one says nothing here
record WriterIdentity(String host, String bootId, long pidNamespace, long pid, long startTicks) {

    static WriterIdentity own() {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        return new WriterIdentity(
                Disk.readText(Path.of("/proc/sys/kernel/hostname")).strip(),
                self.bootId(),
                ownNamespace(),
                self.pid(),
                self.startTicks());
    }

    /// Whether it is known to be gone; false for what cannot be seen from here.
    boolean isGone() {
        return pidNamespace == ownNamespace()
                && WriterIdentity.own().bootId.equals(bootId)
                && !new ProcessIdentity(bootId, pid, startTicks).isAlive();
    }

    @Override
    public String toString() {
        return "process " + pid + " on " + host;
    }

    private static long ownNamespace() {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            return Long.parseLong(link.replaceAll("\\D", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
