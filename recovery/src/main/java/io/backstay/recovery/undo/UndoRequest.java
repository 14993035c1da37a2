package io.backstay.recovery.undo;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ServerAddress;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.store.ArchiveAddress;
import io.backstay.recovery.restore.Until;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/// What to take back, and where.
///
/// @param from the last transaction that stays; for [#ofTransaction] the one that is taken out
/// @param to the last transaction that is taken out
/// @param isOneTransaction only the transaction of `to`
/// @param tables `schema.table`; empty for all that the stretch changed
/// @param confirmation the plan's digest, or its first 12 digits; empty for a dry run
public record UndoRequest(
        ArchiveAddress archive,
        ServerAddress server,
        Until from,
        Until to,
        boolean isOneTransaction,
        Set<TableName> tables,
        String confirmation) {

    public static UndoRequest ofStretch(
            Path archive, ServerAddress server, Until from, Until to, Set<TableName> tables) {
        return ofStretch(ArchiveAddress.of(archive), server, from, to, tables);
    }

    public static UndoRequest ofTransaction(
            Path archive, ServerAddress server, Until.AtGtid gtid, Set<TableName> tables) {
        return ofTransaction(ArchiveAddress.of(archive), server, gtid, tables);
    }

    public static UndoRequest ofStretch(
            ArchiveAddress archive,
            ServerAddress server,
            Until from,
            Until to,
            Set<TableName> tables) {
        return new UndoRequest(archive, server, from, to, false, tables, "");
    }

    public static UndoRequest ofTransaction(
            ArchiveAddress archive,
            ServerAddress server,
            Until.AtGtid gtid,
            Set<TableName> tables) {
        return new UndoRequest(archive, server, gtid, gtid, true, tables, "");
    }

    public UndoRequest confirmedBy(String digest) {
        return new UndoRequest(archive, server, from, to, isOneTransaction, tables, digest);
    }

    public UndoRequest {
        tables = java.util.Collections.unmodifiableSet(new TreeSet<>(tables));
        if (to instanceof Until.End && isOneTransaction) {
            throw new Problem(ErrorCode.USAGE, "--gtid: expected a GTID", "write `--gtid 0-1-42`.");
        }
    }

    /// For people and for the plan's digest.
    String stretch() {
        return isOneTransaction ? "transaction " + to : "behind " + from + " up to " + to;
    }
}
