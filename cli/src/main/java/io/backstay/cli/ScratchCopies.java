package io.backstay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
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

/// A folder for copies of data directories and the servers on them; all gone on [#close].
///
/// It is a folder of its own in the one that is given, of which nothing else is touched. What a
/// killed run left there is stopped and deleted first.
final class ScratchCopies implements CopyServers, AutoCloseable {
    private final Path folder;
    private final RunFile runFile;
    private final Optional<Path> program;

    private ScratchCopies(Path folder, RunFile runFile, Optional<Path> program) {
        this.folder = folder;
        this.runFile = runFile;
        this.program = program;
    }

    /// One of the program's own, the same for each run with that data directory.
    static Path folderFor(String task, Path dataDirectory) {
        byte[] name = dataDirectory.toAbsolutePath().normalize().toString().getBytes(UTF_8);
        return ServerBinaries.home().resolve(task + "-" + Disk.sha256(name).substring(0, 12));
    }

    /// @param parent of the folder, which is neither in `data` nor above it
    /// @param data the data directory that is read or made
    /// @param program of the server to start; empty: one is looked for
    static ScratchCopies in(Path parent, Path data, Optional<Path> program) {
        Path folder = parent.toAbsolutePath().normalize().resolve(ScratchServer.OWN_FOLDER);
        Path taken = data.toAbsolutePath().normalize();
        if (folder.startsWith(taken) || taken.startsWith(folder)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "the scratch folder %s is in %s, or around it".formatted(folder, data),
                    "name another one, on a disk with room for a copy: `--scratch DIR`.");
        }
        Disk.folder(folder);
        RunFile runFile = RunFile.open(folder.resolve("run.json"));
        runFile.sweep();
        Disk.deleteTree(folder.resolve("data"));
        return new ScratchCopies(folder, runFile, program);
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public Running start(Path dataDirectory, ServerVersion version, List<String> options) {
        CopyProgram found =
                CopyProgram.require(
                        new io.backstay.lab.ServerVersion(
                                version.major(), version.minor(), version.patch()),
                        program,
                        ServerBinaries.home());
        CopyServer server =
                CopyServer.start(found, dataDirectory, folder.resolve("run"), options, runFile);
        return new Started(server);
    }

    private record Started(CopyServer server) implements Running {
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
    }

    @Override
    public void close() {
        runFile.sweep();
        runFile.close();
        Disk.deleteTree(folder);
    }
}
