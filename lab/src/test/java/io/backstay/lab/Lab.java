package io.backstay.lab;

import io.backstay.doors.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A folder for one test's servers; everything in it is killed and deleted on close.
final class Lab implements AutoCloseable {
    static final String OLD = "10.11.5";
    static final String NEW = "11.4.5";

    final Accounts accounts = Accounts.random();
    final Path folder;
    final RunFile runFile;
    private final int subnet;

    /// @param subnet third number of the addresses, one a test class
    Lab(int subnet) {
        this.subnet = subnet;
        try {
            folder = Files.createTempDirectory("lab");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        runFile = RunFile.open(folder.resolve("run.json"));
    }

    ServerSettings settings(String version, int host) {
        Path home = folder.resolve("host" + host);
        return ServerSettings.of(
                ServerBinaries.require(version, ServerBinaries.home()),
                home.resolve("data"),
                home.resolve("run"),
                "127.31." + subnet + "." + host,
                subnet * 100 + host,
                accounts);
    }

    LabServer started(String version, int host) {
        return new LabServer(settings(version, host), runFile).initialise().start();
    }

    @Override
    public void close() {
        runFile.sweep();
        runFile.close();
        Disk.deleteTree(folder);
    }
}
