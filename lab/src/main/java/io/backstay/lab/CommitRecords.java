package io.backstay.lab;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// What applications know of their writes, kept outside of all servers.
///
/// - Each line is handed to the kernel before the application goes on: it outlives this JVM, not a
///   power cut.
/// - Opened again after a kill it goes on; a last line that is not whole was never counted, and is
///   cut off. A write that was about to commit, and of which no end is known, counts as unknown.
///
/// | File | One line each |
/// | --- | --- |
/// | `intended.log` | `id`: its COMMIT is sent next |
/// | `acknowledged.log` | `id gtid epochNanos`; the GTID is `-` where it could not be asked |
/// | `unknown.log` | `id epochNanos`: the connection was lost during COMMIT |
/// | `errors.jsonl` | a [TrafficError] |
///
/// Safe for use by several threads.
public final class CommitRecords implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final OutputStream intendedFile;
    private final OutputStream acknowledgedFile;
    private final OutputStream unknownFile;
    private final OutputStream errorFile;
    private final List<AcknowledgedCommit> acknowledged;
    private final List<Long> unknown;
    private final List<TrafficError> errors;

    private CommitRecords(Path folder) {
        Disk.folder(folder);
        for (String name :
                List.of("intended.log", "acknowledged.log", "unknown.log", "errors.jsonl")) {
            cutTornLine(folder.resolve(name));
        }
        acknowledged = readAcknowledged(folder);
        unknown = readUnknown(folder);
        errors = readErrors(folder);
        intendedFile = append(folder.resolve("intended.log"));
        acknowledgedFile = append(folder.resolve("acknowledged.log"));
        unknownFile = append(folder.resolve("unknown.log"));
        errorFile = append(folder.resolve("errors.jsonl"));
        cutShort(folder).forEach(id -> unknown(id, Instant.now()));
    }

    static CommitRecords open(Path folder) {
        return new CommitRecords(folder);
    }

    /// Ids that an earlier run was about to commit when it was killed.
    private Set<Long> cutShort(Path folder) {
        Set<Long> ids =
                wholeLines(folder.resolve("intended.log"))
                        .map(Long::valueOf)
                        .collect(Collectors.toCollection(TreeSet::new));
        acknowledged.forEach(commit -> ids.remove(commit.id()));
        ids.removeAll(new HashSet<>(unknown));
        return ids;
    }

    /// What a folder holds, in the order written.
    public static List<AcknowledgedCommit> readAcknowledged(Path folder) {
        return wholeLines(folder.resolve("acknowledged.log"))
                .map(
                        line -> {
                            String[] fields = fields(line, 3);
                            return new AcknowledgedCommit(
                                    Long.parseLong(fields[0]),
                                    fields[1].equals("-") ? "" : fields[1],
                                    atNanos(fields[2]));
                        })
                .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    }

    /// Ids of writes whose outcome nobody knows: neither acknowledged nor denied.
    public static List<Long> readUnknown(Path folder) {
        return wholeLines(folder.resolve("unknown.log"))
                .map(line -> Long.valueOf(fields(line, 2)[0]))
                .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    }

    public static List<TrafficError> readErrors(Path folder) {
        return wholeLines(folder.resolve("errors.jsonl"))
                .map(line -> JSON.readValue(line, TrafficError.class))
                .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    }

    /// The write's COMMIT is sent next.
    synchronized void intended(long id) {
        append(intendedFile, id + "\n");
    }

    synchronized void acknowledged(AcknowledgedCommit commit) {
        Instant at = commit.at();
        append(
                acknowledgedFile,
                "%d %s %d\n"
                        .formatted(
                                commit.id(),
                                commit.gtid().isEmpty() ? "-" : commit.gtid(),
                                at.getEpochSecond() * 1_000_000_000L + at.getNano()));
        acknowledged.add(commit);
    }

    final synchronized void unknown(long id, Instant at) {
        append(
                unknownFile,
                id + " " + (at.getEpochSecond() * 1_000_000_000L + at.getNano()) + "\n");
        unknown.add(id);
    }

    synchronized void error(TrafficError error) {
        append(errorFile, JSON.writeValueAsString(error) + "\n");
        errors.add(error);
    }

    /// Recorded so far, those of earlier runs in the same folder included.
    public synchronized List<AcknowledgedCommit> acknowledged() {
        return List.copyOf(acknowledged);
    }

    public synchronized int acknowledgedCount() {
        return acknowledged.size();
    }

    public synchronized List<Long> unknown() {
        return List.copyOf(unknown);
    }

    public synchronized List<TrafficError> errors() {
        return List.copyOf(errors);
    }

    /// 0 if there is none.
    synchronized long idMax() {
        long max = unknown.stream().mapToLong(Long::longValue).max().orElse(0);
        return Math.max(
                max, acknowledged.stream().mapToLong(AcknowledgedCommit::id).max().orElse(0));
    }

    @Override
    public synchronized void close() {
        try {
            intendedFile.close();
            acknowledgedFile.close();
            unknownFile.close();
            errorFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A plain stream: a channel would be closed by an interrupt of the thread that writes.
    private static OutputStream append(Path file) {
        try {
            Disk.createForAppend(file).close();
            return new FileOutputStream(file.toFile(), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(OutputStream file, String text) {
        try {
            file.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void cutTornLine(Path file) {
        try {
            if (Files.exists(file)) {
                byte[] all = Files.readAllBytes(file);
                int end = endOfWholeLines(all);
                if (end < all.length) {
                    Disk.writeAtomically(file, Arrays.copyOf(all, end));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> wholeLines(Path file) {
        try {
            if (!Files.exists(file)) {
                return Stream.empty();
            }
            byte[] all = Files.readAllBytes(file);
            return new String(all, 0, endOfWholeLines(all), StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int endOfWholeLines(byte[] all) {
        int end = all.length;
        while (end > 0 && all[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private static String[] fields(String line, int count) {
        String[] fields = line.split(" ");
        if (fields.length != count) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "damaged commit records: expected %d fields, found '%s'".formatted(count, line),
                    "Do not edit these files; start with an empty folder.");
        }
        return fields;
    }

    private static Instant atNanos(String text) {
        long nanos = Long.parseLong(text);
        return Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
    }
}
