package io.backstay.cli.drill;

import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.lab.ServerBinaries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The servers' own command line client, made to run here, for scripts that call it.
///
/// The packaged client wants version 5 of two terminal libraries that today's systems have as
/// version 6. It uses functions that both have, so the newer ones are offered to it under the older
/// names, by a launcher of our own, to it alone.
public final class ScriptClient {
    private static final List<Path> LIBRARY_FOLDERS =
            List.of(
                    Path.of("/usr/lib/x86_64-linux-gnu"),
                    Path.of("/lib/x86_64-linux-gnu"),
                    Path.of("/usr/lib64"),
                    Path.of("/lib64"),
                    Path.of("/usr/lib"));

    private ScriptClient() {}

    /// The launcher, tried once.
    ///
    /// @param folder of the launcher alone, kept as long as that is used
    /// @throws Problem if the client does not run here in any way
    public static Path prepare(ServerBinaries binaries, Path folder) {
        Path client = binaries.mariadb();
        if (runs(client)) {
            return client;
        }
        Disk.folder(folder);
        try {
            for (String[] names :
                    new String[][] {
                        {"libtinfo.so.5", "libtinfo.so.6"},
                        {"libncurses.so.5", "libncurses.so.6", "libncursesw.so.6"}
                    }) {
                Optional<Path> library = find(names);
                if (library.isPresent()) {
                    // a drill that is resumed has it already
                    Files.deleteIfExists(folder.resolve(names[0]));
                    Files.createSymbolicLink(folder.resolve(names[0]), library.get());
                }
            }
            Path launcher = folder.resolve("mysql");
            Files.writeString(
                    launcher,
                    """
                    #!/bin/sh
                    LD_LIBRARY_PATH='%s' exec '%s' "$@"
                    """
                            .formatted(requirePlain(folder), requirePlain(client)));
            Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
            if (!runs(launcher)) {
                throw new Problem(
                        ErrorCode.ENVIRONMENT,
                        "the client "
                                + client
                                + " does not run here: terminal libraries are missing",
                        "install them: apt-get install libncurses6");
            }
            return launcher;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> find(String[] names) {
        for (int i = 1; i < names.length; i++) {
            for (Path folder : LIBRARY_FOLDERS) {
                Path library = folder.resolve(names[i]);
                if (Files.exists(library)) {
                    return Optional.of(library);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean runs(Path program) {
        return Commands.run(
                                List.of(program.toString(), "--no-defaults", "--version"),
                                null,
                                Duration.ofSeconds(10))
                        .exit()
                == 0;
    }

    /// A path that means itself between single quotes.
    private static String requirePlain(Path path) {
        if (path.toString().indexOf('\'') >= 0) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "a folder's name holds a quote: " + path,
                    "choose another folder.");
        }
        return path.toString();
    }
}
