package io.backstay.cli.faults;

import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A small script of the usual kind, `D-nn.sh` of this package. Exit 0 means idle, 10 active.
///
/// Where the fault is in the script itself, its wrong line ends in `#mistake`, and the line before
/// it, `#mended: ...`, is the right one. The control runs the mended script; where the fault is in
/// the world, both are the same, byte for byte.
record NaiveScript(String id, String text) {
    private static final Duration DEADLINE = Duration.ofSeconds(12);
    private static final int ACTIVE = 10;
    private static final String MENDED = "#mended: ";

    /// @param answer `idle`, `active`, `hangs`, or `exit N`
    record Answer(String answer, String said) {}

    static NaiveScript of(String id) {
        try (InputStream stream = NaiveScript.class.getResourceAsStream(id + ".sh")) {
            if (stream == null) {
                throw new IllegalStateException("not in this program: " + id + ".sh");
            }
            return new NaiveScript(id, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same script without its mistake.
    NaiveScript mended() {
        var lines = new ArrayList<String>();
        for (String line : text.lines().toList()) {
            if (line.startsWith(MENDED)) {
                lines.add(line.substring(MENDED.length()));
            } else if (!line.endsWith("#mistake")) {
                lines.add(line);
            }
        }
        return new NaiveScript(id, String.join("\n", lines) + "\n");
    }

    Answer run(Path folder, Map<String, String> environment) {
        Path script = folder.resolve(id + ".sh");
        Disk.writeAtomically(script, text.getBytes(StandardCharsets.UTF_8));
        try {
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var command = new ArrayList<>(List.of("env"));
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.add(script.toString());
        Commands.Result result = Commands.run(command, folder, DEADLINE);
        String answer =
                result.timedOut()
                        ? "hangs"
                        : switch (result.exit()) {
                            case 0 -> "idle";
                            case ACTIVE -> "active";
                            default -> "exit " + result.exit();
                        };
        return new Answer(answer, (result.out() + result.err()).strip());
    }
}
