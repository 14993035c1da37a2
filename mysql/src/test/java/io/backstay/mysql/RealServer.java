package io.backstay.mysql;

import io.backstay.doors.Disk;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// One real server in a folder of its own, gone with all its files when closed.
final class RealServer implements AutoCloseable {
    static final String OLD = "10.11.5";
    static final String NEW = "11.4.5";

    private final Path folder;
    private final RunFile runFile;
    private final LabServer lab;

    RealServer(String version, String address, String... options) throws IOException {
        folder = Files.createTempDirectory("backstay-mysql");
        runFile = RunFile.open(folder.resolve("run.json"));
        try {
            lab =
                    new LabServer(
                            ServerSettings.of(
                                            ServerBinaries.require(version, ServerBinaries.home()),
                                            folder.resolve("data"),
                                            folder.resolve("run"),
                                            address,
                                            1,
                                            Accounts.random())
                                    .withOptions(options),
                            runFile);
            lab.initialise().start();
        } catch (RuntimeException e) {
            runFile.close();
            throw e;
        }
    }

    /// By socket, where root needs no password.
    ServerAddress address() {
        return ServerAddress.socket("root", lab.settings().socket());
    }

    /// By TCP, the password in a file.
    ServerAddress tcpAddress() {
        Path passwordFile = folder.resolve("password");
        Disk.writeAtomically(passwordFile, lab.settings().accounts().rootPassword() + "\n");
        return ServerAddress.parse(
                "mysql://root@%s:%d?password-file=%s"
                        .formatted(lab.settings().address(), lab.settings().port(), passwordFile));
    }

    Path dataDir() {
        return lab.settings().dataDir();
    }

    LabServer lab() {
        return lab;
    }

    @Override
    public void close() {
        if (lab.isRunning()) {
            lab.stop(Duration.ofSeconds(20));
        }
        runFile.close();
        Disk.deleteTree(folder);
    }
}
