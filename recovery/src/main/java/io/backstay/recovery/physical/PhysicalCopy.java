package io.backstay.recovery.physical;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.ServerVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A copy of a data directory, looked at and left as it is.
///
/// @param maker `mariadb-backup`, or empty text for a cold copy: of a server that was stopped
/// @param isPrepared a server can be started on it as it is
/// @param version of its server; of a cold copy the newest that its files tell of
/// @param position in that server's binary log, and
/// @param gtid the last GTID of every domain, as far as the maker wrote them down
/// @param options that a server needs to find its files
public record PhysicalCopy(
        Path folder,
        String maker,
        boolean isPrepared,
        ServerVersion version,
        Optional<BinlogPosition> position,
        Optional<MariaDbGtidState> gtid,
        List<String> options) {

    /// Whether a folder looks like one, whole or not.
    public static boolean is(Path folder) {
        return Files.exists(folder.resolve("ibdata1")) || ToolNotes.prefix(folder).isPresent();
    }

    /// Errors: another vendor's, an incremental, partial, compressed or encrypted one, one that is
    /// not finished, files outside of the folder, a server that runs on it; each by name.
    public static PhysicalCopy look(Path folder) {
        CopyFiles.requirePlain(folder);
        Optional<String> prefix = ToolNotes.prefix(folder);
        ColdCopy.requireUnused(folder);
        PhysicalCopy copy =
                prefix.isPresent() ? ToolNotes.read(folder, prefix.get()) : ColdCopy.look(folder);
        if (copy.version().flavour() != Flavour.MARIADB) {
            throw refused(
                    folder,
                    "is of a server " + copy.version() + ", not of MariaDB",
                    "start that server on a copy of it and take `backstay backup` of that.");
        }
        return copy;
    }

    /// Errors: a server runs on the directory.
    public static void requireUnused(Path folder) {
        ColdCopy.requireUnused(folder);
    }

    /// For a cold copy: nothing but a clean stop says that its files belong together.
    public boolean isCold() {
        return maker.isEmpty();
    }

    static Problem refused(Path folder, String what, String hint) {
        return new Problem(ErrorCode.UNSUPPORTED, "--base " + folder + " " + what, hint);
    }
}
