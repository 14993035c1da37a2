package io.backstay.recovery.undo;

import io.backstay.doors.Disk;
import io.backstay.recovery.apply.TableChanges.TableLook;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What an undo would do, or did.
///
/// @param server address
/// @param stretch for people
/// @param transactions in the stretch
/// @param digest of all this and of every row image; what a person confirms who has seen the plan
public record UndoPlan(
        String server,
        String stretch,
        long transactions,
        List<TableLook> tables,
        List<String> conflicts,
        long conflictCount,
        String digest) {

    public UndoPlan {
        tables = List.copyOf(tables);
        conflicts = List.copyOf(conflicts);
    }

    static UndoPlan of(
            String server,
            String stretch,
            long transactions,
            List<TableLook> tables,
            List<String> conflicts,
            long conflictCount) {
        String content =
                server + "\n" + stretch + "\n" + tables + "\n" + conflicts + "\n" + conflictCount;
        return new UndoPlan(
                server,
                stretch,
                transactions,
                tables,
                conflicts,
                conflictCount,
                Disk.sha256(content.getBytes(StandardCharsets.UTF_8)));
    }

    public long rows() {
        return tables.stream().mapToLong(TableLook::rows).sum();
    }

    /// For people.
    public String text() {
        var text = new StringBuilder();
        text.append(
                "undo %s on %s: %d transactions, net %d rows to put back\n"
                        .formatted(stretch, server, transactions, rows()));
        for (TableLook table : tables) {
            text.append(
                    "  %-40s delete %d, update %d, insert %d; as before already %d, conflicts %d\n"
                            .formatted(
                                    table.table(),
                                    table.deletes(),
                                    table.updates(),
                                    table.inserts(),
                                    table.already(),
                                    table.conflicts()));
        }
        conflicts.forEach(conflict -> text.append("conflict: ").append(conflict).append('\n'));
        if (conflictCount > conflicts.size()) {
            text.append("and %d conflicts more\n".formatted(conflictCount - conflicts.size()));
        }
        return text.toString();
    }
}
