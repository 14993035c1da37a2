package io.backstay.recovery;

import io.backstay.doors.Disk;
import io.backstay.lab.CopyProgram;
import io.backstay.lab.CopyServer;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.mysql.ServerAddress;
import io.backstay.mysql.ServerVersion;
import io.backstay.recovery.physical.CopyServers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Servers on copied data directories, in a folder of a test.
public final class LabCopies implements CopyServers, AutoCloseable {
    private final Path folder;
    private final RunFile runFile;

    public LabCopies(Path folder) {
        Disk.folder(folder);
        this.folder = folder;
        runFile = RunFile.open(folder.resolve("run.json"));
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public Running start(Path dataDirectory, ServerVersion version, List<String> options) {
        var wanted =
                new io.backstay.lab.ServerVersion(
                        version.major(), version.minor(), version.patch());
        CopyServer server =
                CopyServer.start(
                        CopyProgram.require(wanted, Optional.empty(), ServerBinaries.home()),
                        dataDirectory,
                        folder.resolve("run"),
                        options,
                        runFile);
        return new Running() {
            @Override
            public ServerAddress address() {
                return new ServerAddress(
                        server.account(),
                        "",
                        0,
                        Optional.of(server.socket()),
                        Optional.of(server.passwordFile()));
            }

            @Override
            public String log() {
                return server.log();
            }

            @Override
            public void stop() {
                server.stop();
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }

    @Override
    public void close() {
        runFile.sweep();
        runFile.close();
        Disk.deleteTree(folder);
    }
}
