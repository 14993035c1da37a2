package io.backstay.node.operation;

import io.backstay.doors.Disk;
import io.backstay.node.host.DatabaseHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether this host is out of service, as a file in the agent's state folder that survives a
/// restart.
final class ServiceMark {
    private ServiceMark() {}

    static boolean isSet(DatabaseHost host) {
        return Files.exists(file(host));
    }

    static void set(DatabaseHost host) {
        Disk.writeAtomically(file(host), "out of service\n");
    }

    static void clear(DatabaseHost host) {
        try {
            Files.deleteIfExists(file(host));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(DatabaseHost host) {
        return host.stateFolder().resolve("out-of-service");
    }
}
