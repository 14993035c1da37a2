package io.backstay.binlog;

import io.backstay.doors.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How far the binary log of a data directory at rest goes, read from its files alone.
///
/// The list of files is `NAME.index`, one path a line, relative to the data directory; the last is
/// read to its end. Source of the in-use flag: MariaDB knowledge base, "FORMAT_DESCRIPTION_EVENT".
///
/// @param lastFile the newest file of the index
/// @param state all that the log holds or held: the last file's GTID list and the transactions
///   behind it. Whole ones only; a GTID event without its end is not in
/// @param isCleanlyClosed the server closed the file itself; false after a crash and while a server
///   runs on it
/// @param tornAt where the file breaks off inside an event, as a crash may leave it
public record BinlogEnd(
        Path lastFile,
        MariaDbGtidState state,
        boolean isCleanlyClosed,
        Optional<EventOrigin> tornAt) {

    /// Empty if the directory has no index of a binary log: that says nothing of whether it ever
    /// had one elsewhere.
    ///
    /// @throws DamagedBinlogException if the index or the file contradicts the format
    /// @throws io.backstay.doors.Problem if there are several indexes, or an event is of an unknown
    ///   type
    /// @throws java.io.UncheckedIOException if a file named there cannot be read
    public static Optional<BinlogEnd> read(Path dataDirectory) {
        List<Path> indexes = indexes(dataDirectory);
        if (indexes.isEmpty()) {
            return Optional.empty();
        }
        if (indexes.size() > 1) {
            throw new io.backstay.doors.Problem(
                    io.backstay.doors.ErrorCode.UNSUPPORTED,
                    "%s has several binary log indexes: %s".formatted(dataDirectory, indexes),
                    "name the server's own with its log_bin_index, and move the others away.");
        }
        Path index = indexes.getFirst();
        List<String> files = Disk.readText(index).lines().filter(l -> !l.isBlank()).toList();
        if (files.isEmpty()) {
            throw new DamagedBinlogException(
                    new EventOrigin(String.valueOf(index.getFileName()), 0),
                    "the list of files",
                    "at least one",
                    "none");
        }
        return Optional.of(readFile(dataDirectory.resolve(files.getLast()).normalize()));
    }

    private static List<Path> indexes(Path dataDirectory) {
        try (var entries = Files.newDirectoryStream(dataDirectory, "*.index")) {
            var found = new java.util.ArrayList<Path>();
            for (Path entry : entries) {
                // a relay log's index lists files of the same kind: another log
                if (!String.valueOf(entry.getFileName()).contains("relay")) {
                    found.add(entry);
                }
            }
            return found;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static BinlogEnd readFile(Path path) {
        var state = MariaDbGtidState.EMPTY;
        boolean isClosed = false;
        Optional<EventOrigin> tornAt = Optional.empty();
        try (BinlogFile file = BinlogFile.open(path)) {
            BinlogReader reader = file.reader();
            Optional<GtidEvent> open = Optional.empty();
            try {
                while (reader.next()) {
                    switch (reader.type()) {
                        case FORMAT_DESCRIPTION ->
                                isClosed = (reader.header().flags() & EventHeader.FLAG_IN_USE) == 0;
                        case GTID_LIST -> state = ((GtidListEvent) reader.decode()).state();
                        case GTID -> open = Optional.of((GtidEvent) reader.decode());
                        case XID, QUERY, XA_PREPARE -> {
                            if (open.isPresent() && ends(reader, open.get())) {
                                state = state.with(open.get().gtid());
                                open = Optional.empty();
                            }
                        }
                        // inside a transaction, or of no effect on the state
                        default -> {}
                    }
                }
            } catch (TruncatedBinlogException e) {
                tornAt = Optional.of(e.origin());
            }
            // a group that ends otherwise: counted, as more is the safe side for "what may be lost"
            if (open.isPresent() && open.get().isStandalone()) {
                state = state.with(open.get().gtid());
            }
        }
        return new BinlogEnd(path, state, isClosed, tornAt);
    }

    private static boolean ends(BinlogReader reader, GtidEvent open) {
        if (!(reader.decode() instanceof QueryEvent query)) {
            return true;
        }
        return open.isStandalone()
                || query.statement().equalsIgnoreCase("COMMIT")
                || query.statement().equalsIgnoreCase("ROLLBACK");
    }
}
