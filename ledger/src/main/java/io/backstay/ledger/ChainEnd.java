package io.backstay.ledger;

import io.backstay.doors.Disk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a chain that is in order ends, and what lies torn behind it.
///
/// @param last null if there is no entry
/// @param hashes of all entries, in order
/// @param endBytes length of the file up to the last line feed
/// @param tornSha256 of the bytes behind the last line feed, if any
record ChainEnd(@Nullable LedgerEntry last, List<String> hashes, long endBytes, String tornSha256) {

    long seq() {
        return hashes.size();
    }

    /// Reads the whole chain: every hash, every sequence number. Signatures are the verifier's
    /// part.
    static ChainEnd of(Path file, String writer) {
        List<String> hashes = new ArrayList<>();
        long endBytes = 0;
        @Nullable LedgerEntry last = null;
        String prev = LedgerHead.NO_HASH;
        try (var lines = new ChainFile(file)) {
            while (true) {
                ChainFile.RawLine line = lines.next();
                if (!line.isComplete()) {
                    return new ChainEnd(
                            last, List.copyOf(hashes), endBytes, Disk.sha256(line.bytes()));
                }
                long seq = hashes.size() + 1L;
                LedgerEntry entry =
                        switch (EntryLine.read(writer, line.bytes())) {
                            case EntryLine.Reading.Good(LedgerEntry good) -> good;
                            case EntryLine.Reading.Bad(String why) ->
                                    throw new DamagedLedgerException(file, seq, why);
                        };
                if (entry.seq() != seq || !entry.prev().equals(prev)) {
                    throw new DamagedLedgerException(
                            file,
                            seq,
                            "expected entry %d after hash %s…, found entry %d after %s…"
                                    .formatted(
                                            seq,
                                            prev.substring(0, 12),
                                            entry.seq(),
                                            entry.prev().substring(0, 12)));
                }
                prev = entry.hash();
                hashes.add(prev);
                last = entry;
                endBytes += line.bytes().length + 1L;
            }
        }
    }
}
