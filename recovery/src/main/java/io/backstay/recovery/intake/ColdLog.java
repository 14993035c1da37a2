package io.backstay.recovery.intake;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The binary log in a data directory whose server was stopped: the base is at its end.
///
/// A server that is stopped cleanly leaves `NAME.state`, a line `DOMAIN-SERVER-NUMBER` for each
/// domain and server, and clears the flag 1 (in use) in the header of its last file's first event.
///
/// @param stem `NAME`
record ColdLog(Path folder, String stem, Path last) {
    private static final String STATE = ".state";
    private static final int FLAGS_OFFSET = 4 + 17;
    private static final int IN_USE = 1;

    /// Empty if it has none. Errors: two logs; one that was not closed.
    static Optional<ColdLog> find(Path folder) {
        List<String> stems;
        try (var files = Files.list(folder)) {
            stems =
                    files.map(LogFiles::name)
                            .filter(name -> name.endsWith(STATE))
                            .map(name -> name.substring(0, name.length() - STATE.length()))
                            .filter(name -> Files.exists(folder.resolve(name + ".index")))
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (stems.size() > 1) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--base %s holds logs of two names: %s".formatted(folder, stems),
                    "say where it is: --from FILE:POSITION --binlogs DIR.");
        }
        return stems.stream().findFirst().map(stem -> of(folder, stem));
    }

    private static ColdLog of(Path folder, String stem) {
        try (var files = Files.list(folder)) {
            Path last =
                    files.filter(isOf(stem))
                            .max(Comparator.comparingLong(f -> number(LogFiles.name(f))))
                            .orElseThrow(
                                    () ->
                                            new Problem(
                                                    ErrorCode.BAD_FILE,
                                                    "--base %s has %s.index and none of its files"
                                                            .formatted(folder, stem),
                                                    "copy the last one too, or say where the base is: --from"
                                                            + " FILE:POSITION --binlogs DIR."));
            requireClosed(folder, last);
            return new ColdLog(folder, stem, last);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(String name) {
        return Long.parseLong(name.substring(name.lastIndexOf('.') + 1));
    }

    private static void requireClosed(Path folder, Path last) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(last)) {
            head = in.readNBytes(FLAGS_OFFSET + 1);
        }
        if (head.length <= FLAGS_OFFSET || (head[FLAGS_OFFSET] & IN_USE) != 0) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "--base %s is not of a server that was stopped cleanly: its log %s was not closed"
                            .formatted(folder, LogFiles.name(last)),
                    "stop that server (`mariadb-admin shutdown`), then copy its data directory; or take `backstay"
                            + " backup --server URL` while it runs.");
        }
    }

    private static Predicate<Path> isOf(String stem) {
        return file -> {
            String name = LogFiles.name(file);
            return name.startsWith(stem + ".")
                    && name.substring(stem.length() + 1).matches("\\d{6,18}");
        };
    }

    /// Whether a file of the folder is the log's, and so no data.
    boolean isLog(Path path) {
        String name = LogFiles.name(path);
        return path.getNameCount() == 1
                && (isOf(stem).test(path)
                        || name.equals(stem + ".index")
                        || name.equals(stem + STATE));
    }

    /// Its end, by the word of the state file, which the log itself must confirm.
    DumpPosition end() {
        try {
            var position = new BinlogPosition(LogFiles.name(last), Files.size(last));
            String lines =
                    Disk.readText(folder.resolve(stem + STATE))
                            .lines()
                            .filter(line -> !line.isBlank())
                            .collect(Collectors.joining(","));
            return new DumpPosition(
                    Optional.of(position),
                    Optional.of(MariaDbGtidState.parse(lines).positionState()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LogFiles files() {
        return new LogFiles(folder, List.of(last));
    }
}
