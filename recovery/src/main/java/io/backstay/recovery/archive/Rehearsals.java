package io.backstay.recovery.archive;

import java.time.Instant;
import java.util.List;

/// When an archive was last restored for proof, and how long it took: the journal
/// `rehearsals.jsonl`.
///
/// One line each, UTF-8 JSON of [Rehearsal], ended by one line feed; never changed.
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
        archive.store().append(NAME, Json.write(rehearsal));
    }

    /// All, oldest first.
    public static List<Rehearsal> list(Archive archive) {
        return archive.store().journal(NAME).stream()
                .map(line -> Json.read(line, Rehearsal.class, NAME, Rehearsal.FORMAT_VERSION))
                .toList();
    }
}
