package io.backstay.ledger;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Reads chains that nobody needs to have open. Hashes are checked, signatures are not: for proof
/// there is [LedgerVerifier].
public final class LedgerReader {
    private LedgerReader() {}

    /// Files of all chains of a folder, by name.
    public static List<Path> chains(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot read a ledger in %s: not a folder".formatted(folder),
                    "Name the folder that holds the WRITER.jsonl files.");
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(Ledger.SUFFIX)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All entries of one chain up to a torn tail, in order.
    ///
    /// @throws DamagedLedgerException at the first line whose bytes are not what was hashed
    public static List<LedgerEntry> read(Path chain) {
        return read(chain, writerOf(chain), Long.MAX_VALUE);
    }

    /// Entries of all chains of a folder, in the order of their wall clocks, which is for people:
    /// only order within a chain is proven.
    public static List<LedgerEntry> readAll(Path folder) {
        List<LedgerEntry> all = new ArrayList<>();
        chains(folder).forEach(chain -> all.addAll(read(chain)));
        all.sort(Comparator.comparing(LedgerEntry::time));
        return List.copyOf(all);
    }

    /// The head of each chain of a folder that has an entry, by name: to be kept elsewhere.
    public static List<LedgerHead> heads(Path folder) {
        return chains(folder).stream()
                .map(LedgerReader::read)
                .filter(entries -> !entries.isEmpty())
                .map(entries -> entries.getLast().head())
                .toList();
    }

    static List<LedgerEntry> read(Path chain, String writer, long seqMax) {
        List<LedgerEntry> entries = new ArrayList<>();
        try (var lines = new ChainFile(chain)) {
            while (entries.size() < seqMax) {
                ChainFile.RawLine line = lines.next();
                if (!line.isComplete()) {
                    break;
                }
                switch (EntryLine.read(writer, line.bytes())) {
                    case EntryLine.Reading.Good(LedgerEntry entry) -> entries.add(entry);
                    case EntryLine.Reading.Bad(String why) ->
                            throw new DamagedLedgerException(chain, entries.size() + 1L, why);
                }
            }
        }
        return List.copyOf(entries);
    }

    static String writerOf(Path chain) {
        String name = String.valueOf(chain.getFileName());
        return name.substring(0, name.length() - Ledger.SUFFIX.length());
    }
}
