package io.backstay.recovery.archive;

import io.backstay.doors.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// When an archive was last restored for proof, and how long it took: the file `rehearsals.jsonl`.
///
/// One line each, UTF-8 JSON of [Rehearsal], ended by one line feed; appended and fsynced, never
/// changed. A last line without line feed is of a run that was killed and does not count.
public final class Rehearsals {
    private static final String NAME = "rehearsals.jsonl";

    private Rehearsals() {}

    /// One restore of an archive to a scratch server.
    ///
    /// @param base restored from
    /// @param newBase made of the result; empty text if none was
    /// @param gtid last GTID of every domain of the result
    /// @param segments of log that went in
    /// @param restoreMillis from the plan to the proven server
    public record Rehearsal(
            int formatVersion,
            Instant at,
            String base,
            String newBase,
            String gtid,
            long rows,
            int segments,
            long restoreMillis,
            boolean isProven) {
        public static final int FORMAT_VERSION = 1;
    }

    public static void add(Archive archive, Rehearsal rehearsal) {
        byte[] json = Json.write(rehearsal);
        var line = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
        try (FileChannel file = Disk.createForAppend(archive.folder().resolve(NAME))) {
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All, oldest first.
    public static List<Rehearsal> list(Archive archive) {
        Path file = archive.folder().resolve(NAME);
        if (!Files.exists(file)) {
            return List.of();
        }
        var rehearsals = new ArrayList<Rehearsal>();
        String text = Disk.readText(file);
        for (int from = 0, end; (end = text.indexOf('\n', from)) >= 0; from = end + 1) {
            byte[] line = text.substring(from, end).getBytes(StandardCharsets.UTF_8);
            rehearsals.add(Json.read(line, Rehearsal.class, NAME, Rehearsal.FORMAT_VERSION));
        }
        return List.copyOf(rehearsals);
    }
}
