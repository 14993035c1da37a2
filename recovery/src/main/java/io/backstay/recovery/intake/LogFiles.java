package io.backstay.recovery.intake;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventType;
import io.backstay.binlog.FormatDescriptionEvent;
import io.backstay.binlog.GtidListEvent;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.PreviousGtidsEvent;
import io.backstay.binlog.TransactionBegin;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// One server's binary log files in a folder, in the order of their numbers, none missing between
/// the first and the last.
///
/// @param files at least one
record LogFiles(Path folder, List<Path> files) {
    private static final byte[] MAGIC = {(byte) 0xfe, 'b', 'i', 'n'};
    private static final byte[] ENCRYPTED_MAGIC = {(byte) 0xfd, 'b', 'i', 'n'};
    private static final Pattern NAME = Pattern.compile("(.+)\\.(\\d{6,})");

    /// What a server was at one place of its log.
    ///
    /// @param state of MariaDB the last GTID of every domain and server
    /// @param at time of the last transaction in front; of the file's begin if there is none
    record Place(GtidSet state, Instant at, long serverId, String version) {}

    /// Errors: no log file, files of two servers, a number missing, an encrypted file.
    static LogFiles in(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--binlogs "
                            + folder
                            + ": expected a folder, found "
                            + (Files.exists(folder) ? "a file" : "nothing"),
                    "give the folder that holds the binary log files.");
        }
        List<Path> files;
        try (var all = Files.list(folder)) {
            files =
                    all.filter(f -> NAME.matcher(f.getFileName().toString()).matches())
                            .filter(Files::isRegularFile)
                            .filter(LogFiles::isLog)
                            .sorted(Comparator.comparingLong(LogFiles::number))
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (files.isEmpty()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "folder " + folder + " holds no binary log file (NAME.NNNNNN)",
                    "give the folder that holds the binary log files.");
        }
        var found = new LogFiles(folder, files);
        found.requireOneSequence();
        return found;
    }

    private void requireOneSequence() {
        for (int i = 1; i < files.size(); i++) {
            String before = name(files.get(i - 1));
            String name = name(files.get(i));
            if (!stem(before).equals(stem(name))) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "folder %s holds logs of two names: %s and %s"
                                .formatted(folder, before, name),
                        "give a folder with the files of one server.");
            }
            if (number(files.get(i)) != number(files.get(i - 1)) + 1) {
                throw new Problem(
                        ErrorCode.FAILED,
                        "gap in the log: folder %s has %s and then %s"
                                .formatted(folder, before, name),
                        "put the missing files there, or take a new base with `backstay backup`.");
            }
        }
    }

    private static boolean isLog(Path file) {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(MAGIC.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (Arrays.equals(head, ENCRYPTED_MAGIC)) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    file + " is an encrypted log of MySQL",
                    "stream it from the server, which sends it clear: `backstay stream`.");
        }
        return Arrays.equals(head, MAGIC);
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String stem(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static long number(Path file) {
        String name = name(file);
        return Long.parseLong(name.substring(name.lastIndexOf('.') + 1));
    }

    boolean isLast(Path file) {
        return files.getLast().equals(file);
    }

    /// What all files before this one hold, by its own word.
    static GtidSet stateBefore(Path file) {
        try (BinlogFile log = BinlogFile.open(file)) {
            BinlogReader reader = log.reader();
            while (reader.next()) {
                if (reader.type() == EventType.GTID_LIST) {
                    return ((GtidListEvent) reader.decode()).state();
                }
                if (reader.type() == EventType.PREVIOUS_GTIDS) {
                    return ((PreviousGtidsEvent) reader.decode()).set();
                }
                if (TransactionBegin.is(reader.type())) {
                    break;
                }
            }
        }
        throw new Problem(
                ErrorCode.UNSUPPORTED,
                file
                        + " does not say at its start which GTIDs came before: it is not a log of MariaDB 10.0 or"
                        + " MySQL 5.6 or later",
                "give binary log files of such a server, as it wrote them.");
    }

    /// What the server held when its log had come to a position.
    Place at(BinlogPosition position) {
        Path file =
                files.stream()
                        .filter(f -> name(f).equals(position.file()))
                        .findFirst()
                        .orElseThrow(() -> lacks(position));
        GtidSet state = stateBefore(file);
        long seconds = 0;
        boolean isAtEvent = false;
        try (BinlogFile log = BinlogFile.open(file)) {
            BinlogReader reader = log.reader();
            FormatDescriptionEvent format = null;
            long serverId = 0;
            while (reader.next()) {
                isAtEvent |= reader.offset() == position.offsetBytes();
                if (format == null) {
                    format = reader.format();
                    serverId = reader.serverId();
                    seconds = reader.header().timestampSeconds();
                }
                if (reader.offset() >= position.offsetBytes()) {
                    break;
                }
                if (TransactionBegin.is(reader.type())) {
                    state = state.and(TransactionBegin.of(reader.decode(), reader.header()).gtid());
                    seconds = reader.header().timestampSeconds();
                }
                isAtEvent |= reader.offset() + reader.sizeBytes() == position.offsetBytes();
            }
            if (format == null || !isAtEvent) {
                throw new Problem(
                        ErrorCode.USAGE,
                        file
                                + " has no event that begins or ends at byte "
                                + position.offsetBytes(),
                        "give the position that belongs to the base and this very log.");
            }
            return new Place(
                    state, Instant.ofEpochSecond(seconds), serverId, format.serverVersion());
        }
    }

    private Problem lacks(BinlogPosition position) {
        return new Problem(
                ErrorCode.FAILED,
                "the base is at %s, folder %s has %s to %s"
                        .formatted(position, folder, name(files.getFirst()), name(files.getLast())),
                "put that file and all behind it there.");
    }
}
