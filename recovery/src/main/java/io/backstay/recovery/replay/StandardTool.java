package io.backstay.recovery.replay;

import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.SegmentEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `mariadb-binlog FILE... | mariadb`.
///
/// The password goes through an option file that only its owner reads.
record StandardTool(Path binlogTool, Path client) {

    static Optional<StandardTool> find() {
        Optional<Path> binlogTool = onPath("mariadb-binlog");
        Optional<Path> client = onPath("mariadb");
        return binlogTool.isPresent() && client.isPresent()
                ? Optional.of(new StandardTool(binlogTool.get(), client.get()))
                : Optional.empty();
    }

    ReplayResult run(Archive archive, List<SegmentEntry> segments, ServerAddress target) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("backstay-replay");
            Path options = folder.resolve("client.cnf");
            Disk.writeAtomically(options, optionFile(target));
            var reader =
                    new ArrayList<String>(
                            List.of(binlogTool.toString(), "--no-defaults", "--disable-log-bin"));
            segments.forEach(segment -> reader.add(archive.resolve(segment.part()).toString()));
            List<String> writer =
                    List.of(client.toString(), "--defaults-file=" + options, "--binary-mode");
            Path errors = folder.resolve("errors");
            long started = System.nanoTime();
            List<Integer> exits = Commands.pipe(reader, writer, errors);
            if (!exits.equals(List.of(0, 0))) {
                throw new Problem(
                        ErrorCode.FAILED,
                        "mariadb-binlog | mariadb failed with exit codes "
                                + exits
                                + ": "
                                + Disk.readText(errors).lines().findFirst().orElse("no word of it"),
                        "run it by hand on the segments in " + archive.address() + ".");
            }
            return new ReplayResult(
                    true,
                    "mariadb-binlog | mariadb",
                    segments.stream().mapToLong(SegmentEntry::transactions).sum(),
                    Duration.ofNanos(System.nanoTime() - started));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (folder != null) {
                Disk.deleteTree(folder);
            }
        }
    }

    private static String optionFile(ServerAddress target) {
        var lines = new ArrayList<String>(List.of("[client]", "user=" + quoted(target.user())));
        if (target.socket().isPresent()) {
            lines.add("socket=" + quoted(target.socket().get().toString()));
        } else {
            lines.add("host=" + quoted(target.host()));
            lines.add("port=" + target.port());
            lines.add("protocol=tcp");
            lines.add("skip-ssl");
        }
        String password =
                target.passwordFile()
                        .map(file -> Disk.readText(file).lines().findFirst().orElse(""))
                        .orElseGet(
                                () ->
                                        Optional.ofNullable(System.getenv("BACKSTAY_PASSWORD"))
                                                .orElse(""));
        lines.add("password=" + quoted(password));
        return String.join("\n", lines) + "\n";
    }

    private static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static Optional<Path> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String folder : path.split(":", -1)) {
            Path file = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(file) && Files.isRegularFile(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
