package io.backstay.recovery.physical;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ServerVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What mariadb-backup writes down beside the files that it copies.
///
/// | File, behind `mariadb_backup_` or `xtrabackup_` | Holds |
/// | --- | --- |
/// | `info` | `name = value` lines: `server_version`, `incremental`, `partial`, `compressed`; written last |
/// | `checkpoints` | `backup_type`: `full-backuped` before it is prepared, `log-applied` or `full-prepared` after |
/// | `binlog_info` | file, position, GTIDs, with a tab between |
///
/// `backup-my.cnf` has the options without which InnoDB does not find its files. Source: MariaDB
/// knowledge base, "Files Created by mariadb-backup".
final class ToolNotes {
    private static final List<String> OPTIONS =
            List.of(
                    "innodb_data_file_path",
                    "innodb_page_size",
                    "innodb_undo_tablespaces",
                    "innodb_log_file_size");

    private static final String BACKUP_OPTIONS = "backup-my.cnf";

    /// `NAME:SIZE`, one after the other; no path, no device.
    private static final Pattern DATA_FILES =
            Pattern.compile(
                    "[A-Za-z0-9_.-]+:\\d+[KMG]?(;[A-Za-z0-9_.-]+:\\d+[KMG]?)*(:autoextend(:max:\\d+[KMG]?)?)?");

    private ToolNotes() {}

    /// Of the names that the tool gives its notes; empty if it was not at work here.
    static Optional<String> prefix(Path folder) {
        return List.of("mariadb_backup_", "xtrabackup_").stream()
                .filter(
                        name ->
                                Files.exists(folder.resolve(name + "checkpoints"))
                                        // --copy-back leaves `info` alone in a data directory
                                        || (Files.exists(folder.resolve(name + "info"))
                                                && Files.exists(folder.resolve(BACKUP_OPTIONS))))
                .findFirst();
    }

    static PhysicalCopy read(Path folder, String prefix) {
        Map<String, String> info = values(folder, prefix + "info");
        String type = values(folder, prefix + "checkpoints").getOrDefault("backup_type", "");
        String version = info.getOrDefault("server_version", "");
        if (version.isEmpty() || !version.contains("MariaDB")) {
            throw PhysicalCopy.refused(
                    folder,
                    "is of a server '%s', not of MariaDB".formatted(version),
                    "start that server on a prepared copy of it and take `backstay backup` of that.");
        }
        refuseIf(folder, info, "incremental", "an incremental backup");
        refuseIf(folder, info, "partial", "a partial backup");
        refuseIf(folder, info, "compressed", "a compressed backup");
        refuseIf(folder, info, "encrypted", "an encrypted backup");
        boolean isPrepared = type.equals("log-applied") || type.equals("full-prepared");
        if (!isPrepared && !type.equals("full-backuped")) {
            throw PhysicalCopy.refused(
                    folder,
                    "is a backup of the type '%s', expected full-backuped, log-applied or full-prepared"
                            .formatted(type),
                    "give the folder of a full backup, with all increments applied to it.");
        }
        Optional<String[]> place = place(folder.resolve(prefix + "binlog_info"));
        return new PhysicalCopy(
                folder,
                "mariadb-backup",
                isPrepared,
                ServerVersion.parse(version),
                place.map(p -> new BinlogPosition(p[0], Long.parseLong(p[1]))),
                place.filter(p -> p.length > 2 && !p[2].isBlank())
                        .map(p -> MariaDbGtidState.parse(p[2].strip()).positionState()),
                options(folder));
    }

    /// Up to where the copy goes, in the log of InnoDB, as the tool says.
    static long lastLsn(Path folder, String prefix) {
        String lsn = values(folder, prefix + "checkpoints").getOrDefault("last_lsn", "");
        if (!lsn.matches("\\d{1,19}")) {
            throw PhysicalCopy.refused(
                    folder, "does not say up to where it goes (last_lsn)", "take it again.");
        }
        return Long.parseLong(lsn);
    }

    /// Leaves the options that were checked: the tool reads that file, plugins to load and all.
    static void rewriteOptions(Path copy, List<String> options) {
        Disk.writeAtomically(
                copy.resolve(BACKUP_OPTIONS),
                "[mariadbd]\n"
                        + String.join("\n", options.stream().map(o -> o.substring(2)).toList())
                        + "\n");
    }

    private static void refuseIf(Path folder, Map<String, String> info, String name, String what) {
        String value = info.getOrDefault(name, "N");
        if (!value.equals("N")) {
            throw PhysicalCopy.refused(
                    folder,
                    "is %s (%s = %s)".formatted(what, name, value),
                    "give the folder of a full backup as plain files, unpacked and with all increments applied to it.");
        }
    }

    private static Optional<String[]> place(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String[] fields = Disk.readText(file).lines().findFirst().orElse("").split("\t", -1);
        return fields.length < 2 || !fields[1].matches("\\d{1,18}")
                ? Optional.empty()
                : Optional.of(fields);
    }

    private static List<String> options(Path folder) {
        Map<String, String> found = values(folder, BACKUP_OPTIONS);
        found.forEach(
                (name, value) -> {
                    boolean isPlain =
                            !OPTIONS.contains(name)
                                    || (name.equals("innodb_data_file_path")
                                            ? DATA_FILES.matcher(value).matches()
                                                    && !value.contains("..")
                                            : value.matches("\\d{1,18}"));
                    if (!isPlain) {
                        throw PhysicalCopy.refused(
                                folder,
                                "says %s = %s in %s, which names more than files of its own"
                                        .formatted(name, value, BACKUP_OPTIONS),
                                "start a server on a copy of it by hand and take `backstay backup` of that.");
                    }
                });
        return OPTIONS.stream()
                .filter(found::containsKey)
                .map(name -> "--" + name.replace('_', '-') + "=" + found.get(name))
                .toList();
    }

    private static Map<String, String> values(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "--base " + folder + " is a backup without its file " + name,
                    "it was not finished, or not copied whole: take it again.");
        }
        var values = new HashMap<String, String>();
        for (String line : Disk.readText(file).lines().toList()) {
            int sign = line.indexOf('=');
            if (sign > 0 && !line.startsWith("#")) {
                values.put(line.substring(0, sign).strip(), line.substring(sign + 1).strip());
            }
        }
        return values;
    }
}
