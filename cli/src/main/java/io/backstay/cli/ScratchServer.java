package io.backstay.cli;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.ServerAddress;
import io.backstay.mysql.ServerVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// An empty server of the program's own, for one restore; gone with its folder on [#close].
///
/// That is a folder of its own in the one that is given, of which nothing else is touched. What a
/// killed run left there is stopped and deleted first.
final class ScratchServer implements AutoCloseable {
    /// The only name in a given folder that is made, and deleted.
    static final String OWN_FOLDER = "backstay-scratch";

    private static final int SERVER_ID = 4_000_001;

    private final Path folder;
    private final RunFile runFile;
    private final LabServer server;

    private ScratchServer(Path folder, RunFile runFile, LabServer server) {
        this.folder = folder;
        this.runFile = runFile;
        this.server = server;
    }

    /// @param source version of the base's server; the scratch server is of the same or a later
    ///   series
    /// @param lowerCaseTableNames that the base needs; negative if any will do
    static ScratchServer start(Path folder, String source, int lowerCaseTableNames) {
        return start(folder, source, lowerCaseTableNames, List.of());
    }

    /// As [#start], with files laid out as a server with default options expects them, for the time
    /// when one is started on them.
    static ScratchServer asInstalled(Path folder, String source, int lowerCaseTableNames) {
        boolean isOld = embedded(source).startsWith("10.");
        return start(
                folder,
                source,
                lowerCaseTableNames,
                List.of(
                        "--innodb-data-file-path=ibdata1:12M:autoextend",
                        "--innodb-log-file-size=96M",
                        "--innodb-undo-tablespaces=" + (isOld ? 0 : 3),
                        "--innodb-buffer-pool-size=256M"));
    }

    private static ScratchServer start(
            Path parent, String source, int lowerCaseTableNames, List<String> options) {
        Path folder = parent.resolve(OWN_FOLDER);
        Disk.folder(folder);
        RunFile runFile = RunFile.open(folder.resolve("run.json"));
        try {
            runFile.sweep();
            Disk.deleteTree(folder.resolve("data"));
            Disk.deleteTree(folder.resolve("run"));
            ServerSettings settings =
                    ServerSettings.of(
                                    ServerBinaries.require(embedded(source), ServerBinaries.home()),
                                    folder.resolve("data"),
                                    folder.resolve("run"),
                                    freeAddress(),
                                    SERVER_ID,
                                    Accounts.random())
                            .withOptions(
                                    "--lower-case-table-names=" + Math.max(0, lowerCaseTableNames))
                            .withOptions(options.toArray(String[]::new));
            return new ScratchServer(
                    folder, runFile, new LabServer(settings, runFile).initialise().start());
        } catch (RuntimeException e) {
            runFile.sweep();
            runFile.close();
            throw e;
        }
    }

    /// As root, through its socket.
    ServerAddress address() {
        return ServerAddress.socket(Accounts.ROOT, server.settings().socket());
    }

    String version() {
        return server.settings().binaries().version().toString();
    }

    Path dataDir() {
        return server.settings().dataDir();
    }

    /// Clean shutdown. Errors: it had to be killed, and its files are no good.
    void stop() {
        if (!server.stop(Duration.ofMinutes(30))) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "the scratch server in " + folder + " did not shut down within 30 minutes",
                    "run it again; its log is in that folder.");
        }
    }

    private static String embedded(String source) {
        ServerVersion version = ServerVersion.parse(source);
        boolean isMariaDb = version.flavour() == Flavour.MARIADB;
        if (isMariaDb
                && (version.major() < 10 || (version.major() == 10 && version.minor() <= 11))) {
            return "10.11.5";
        }
        if (isMariaDb && version.major() == 11 && version.minor() <= 4) {
            return "11.4.5";
        }
        throw new Problem(
                ErrorCode.UNSUPPORTED,
                "no scratch server for a base of "
                        + source
                        + ": the program brings MariaDB 10.11.5 and 11.4.5 along",
                "start an empty server of that version yourself and give it: --to URL.");
    }

    private static String freeAddress() {
        var random = ThreadLocalRandom.current();
        return "127.76." + random.nextInt(1, 255) + "." + random.nextInt(1, 255);
    }

    @Override
    public void close() {
        runFile.sweep();
        runFile.close();
        Disk.deleteTree(folder);
    }
}
