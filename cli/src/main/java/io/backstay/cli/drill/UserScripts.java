package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The user's own scripts of the change `reinstall-idle-hosts`: seven checks for active data, each
/// with one subtle bug, and the reinstallation itself.
final class UserScripts {
    /// Names of the bugs; each is a file `check-active-NAME.sh`.
    static final List<String> BUGS =
            List.of(
                    "pipe",
                    "prefix",
                    "process-name",
                    "timeout",
                    "privilege",
                    "empty-variable",
                    "or-zero");

    private static final Duration DEADLINE = Duration.ofSeconds(40);

    private final Path folder;
    private final Path client;
    private final Path optionFile;

    /// @param folder of the change, where the scripts lie
    /// @param client the servers' command line client
    /// @param monitorPassword of the account that scripts look with
    UserScripts(Path folder, Path client, Path optionFile, String monitorPassword) {
        this.folder = folder;
        this.client = client;
        this.optionFile = optionFile;
        Disk.writeAtomically(optionFile, "[client]\npassword=" + monitorPassword + "\n");
    }

    /// Copies one file out of the program; a script becomes executable for its owner.
    ///
    /// @param folder in the program: empty, or ending with a slash
    static void copyOut(String folder, String name, Path to) {
        try (InputStream stream = UserScripts.class.getResourceAsStream(folder + name)) {
            if (stream == null) {
                throw new IllegalStateException("not in this program: " + folder + name);
            }
            Disk.writeAtomically(to, stream.readAllBytes());
            if (name.endsWith(".sh")) {
                Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether the script calls this host idle: its exit code is 0.
    boolean callsIdle(EmbeddedHost host) {
        return run(host).exit() == 0;
    }

    private Commands.Result run(EmbeddedHost host) {
        var command = new java.util.ArrayList<String>(List.of("env"));
        Map<String, String> environment =
                Map.of(
                        "HOST", host.name(),
                        "DATA_DIR", host.database().folders().data().toString(),
                        "ADDRESS", host.place().address(),
                        "PORT", Integer.toString(host.place().port()),
                        "SOCKET",
                                host.database().folders().run().resolve("mariadbd.sock").toString(),
                        "MYSQL", client.toString(),
                        "MONITOR_USER", Secrets.MONITOR,
                        "OPTION_FILE", optionFile.toString());
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.add(folder.resolve("check-active.sh").toString());
        return Commands.run(command, null, DEADLINE);
    }

    /// Wipes a folder and lays a fresh system down in it.
    boolean reinstall(Path target) {
        return Commands.run(
                                List.of(
                                        folder.resolve("reinstall.sh").toString(),
                                        target.toString()),
                                null,
                                DEADLINE)
                        .exit()
                == 0;
    }
}
