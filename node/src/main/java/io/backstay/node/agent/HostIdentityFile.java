package io.backstay.node.agent;

import io.backstay.doors.Disk;
import io.backstay.doors.Time;
import io.backstay.rollout.protocol.HostIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Who this host is, read by the agent itself each time it is asked.
final class HostIdentityFile {
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");

    private final Path file;

    HostIdentityFile(Path stateFolder) {
        this.file = stateFolder.resolve("host-id");
    }

    /// @param target the folder an operation is about
    HostIdentity read(Path target) {
        if (!Files.exists(file)) {
            byte[] random = new byte[16];
            new SecureRandom().nextBytes(random);
            Disk.writeAtomically(file, HexFormat.of().formatHex(random));
        }
        String machineId = Files.isReadable(MACHINE_ID) ? Disk.readText(MACHINE_ID).strip() : "";
        return new HostIdentity(
                machineId, Time.bootId(), Disk.readText(file).strip(), inode(target));
    }

    private static String inode(Path target) {
        try {
            return Files.getAttribute(target, "unix:dev")
                    + ":"
                    + Files.getAttribute(target, "unix:ino");
        } catch (IOException e) {
            return "";
        }
    }
}
