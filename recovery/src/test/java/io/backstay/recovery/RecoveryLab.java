package io.backstay.recovery;

import io.backstay.doors.Disk;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import io.backstay.lab.TableChecksums;
import io.backstay.mysql.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/// A folder for one test's servers and archives; everything in it is killed and deleted on close.
public final class RecoveryLab implements AutoCloseable {
    public static final String OLD = "10.11.5";
    public static final String NEW = "11.4.5";

    public final Path folder;
    private final Accounts accounts = Accounts.random();
    private final RunFile runFile;
    private final int subnet;

    /// @param subnet third number of the addresses, one a test class
    public RecoveryLab(int subnet) {
        this.subnet = subnet;
        try {
            folder = Files.createTempDirectory("rec");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        runFile = RunFile.open(folder.resolve("run.json"));
    }

    public LabServer started(String version, int host, String... options) {
        return new LabServer(settings(version, host).withOptions(options), runFile)
                .initialise()
                .start();
    }

    /// A server whose data directory somebody else makes; of the accounts of all in this lab.
    public LabServer absent(String version, int host, String... options) {
        return new LabServer(settings(version, host).withOptions(options), runFile);
    }

    public ServerSettings settings(String version, int host) {
        Path home = folder.resolve("h" + host);
        return ServerSettings.of(
                ServerBinaries.require(version, ServerBinaries.home()),
                home.resolve("data"),
                home.resolve("run"),
                "127.32." + subnet + "." + host,
                host,
                accounts);
    }

    /// As root, by TCP; the password is in a file of the server's run folder.
    public static ServerAddress address(LabServer server) {
        ServerSettings settings = server.settings();
        Path password = settings.runDir().resolve("password");
        Disk.writeAtomically(password, settings.accounts().rootPassword() + "\n");
        return ServerAddress.parse(
                "mysql://root@" + settings.endpoint() + "?password-file=" + password);
    }

    public static void run(LabServer server, String... statements) {
        try (Connection root = server.connect();
                Statement statement = root.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static TableChecksums checksums(LabServer server) {
        try (Connection root = server.connect()) {
            return TableChecksums.of(root);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        runFile.sweep();
        runFile.close();
        Disk.deleteTree(folder);
    }
}
