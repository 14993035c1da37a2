package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.restore.Certification;
import io.backstay.recovery.restore.FolderRequest;
import io.backstay.recovery.restore.FolderRestore;
import io.backstay.recovery.restore.Until;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// A restore into a data directory, from a base's files.
@Command
final class DataDirectoryOptions {
    @Option(
            names = "--to-datadir",
            paramLabel = "DIR",
            description =
                    "An empty folder in place of --to: a base's files (`archive rebase --physical`) go there, and the net changes of the log behind it.")
    private @Nullable Path folder;

    @Option(
            names = "--log-bin",
            paramLabel = "NAME",
            description =
                    "With --to-datadir: begin the binary log of that name there, in its exact GTID state.")
    private String logName = "";

    @Option(
            names = "--mariadbd",
            paramLabel = "PATH",
            description =
                    "With --to-datadir: the server program that proves it. Default: one of its series on this machine.")
    private @Nullable Path program;

    /// Errors: both ways, or none, are asked for.
    boolean isWanted(boolean isServerGiven) {
        if (isServerGiven == (folder != null)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    isServerGiven
                            ? "--to and --to-datadir are both given"
                            : "neither --to nor --to-datadir is given",
                    "give the one: `--to URL` for a running server, `--to-datadir DIR` for an empty folder.");
        }
        if (!logName.isEmpty() && !logName.matches("[A-Za-z0-9_-]{1,60}")) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--log-bin: expected a name of letters, digits, - and _, found '"
                            + logName
                            + "'",
                    "write it as the server's option log_bin has it, without a folder.");
        }
        return folder != null;
    }

    FolderRestore.Result run(
            ArchiveOption archive,
            Until until,
            int threads,
            Console console,
            Certification certification) {
        Path directory = java.util.Objects.requireNonNull(folder).toAbsolutePath().normalize();
        Path scratch = ScratchCopies.folderFor("restore", directory);
        try (ScratchCopies servers =
                ScratchCopies.in(scratch, directory, Optional.ofNullable(program))) {
            return FolderRestore.run(
                    new FolderRequest(archive.address(), directory, until, threads, logName),
                    servers,
                    new RecoveryProgress(console),
                    certification);
        }
    }

    String text(FolderRestore.Result result) {
        var phases = new StringBuilder();
        result.phases()
                .forEach(
                        (name, took) ->
                                phases.append(" %s %.2f s".formatted(name, took.toMillis() / 1e3)));
        var text =
                new StringBuilder(
                        "restored the files of %s to GTID %s in %s: %d tables, %d rows, %d transactions of log, in %.1f s (%s)"
                                .formatted(
                                        result.baseId(),
                                        result.gtid().isEmpty() ? "(none)" : result.gtid(),
                                        folder,
                                        result.tables(),
                                        result.rows(),
                                        result.transactions(),
                                        result.took().toMillis() / 1e3,
                                        phases.toString().strip()));
        if (result.isProven()) {
            text.append(
                    "\nproven: every row read back is the base's, every change that of the log");
        }
        result.unproven().forEach(reason -> text.append("\nNOT PROVEN ").append(reason));
        return text.append(
                        "\nnow start a server %s, or a later one of its series, on it; the options it needs: %s"
                                .formatted(
                                        result.serverVersion(), String.join(" ", result.options())))
                .toString();
    }

    Map<String, Object> document(FolderRestore.Result result) {
        var phases = new LinkedHashMap<String, Object>();
        result.phases().forEach((name, took) -> phases.put(name, took.toMillis() / 1e3));
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("base", result.baseId());
        document.put("folder", String.valueOf(folder));
        document.put("gtid", result.gtid());
        document.put("gtidBinlogState", result.gtidBinlogState());
        document.put("proven", result.isProven());
        document.put("unproven", result.unproven());
        document.put("rows", result.rows());
        document.put("transactions", result.transactions());
        document.put("rowsChanged", result.changed());
        document.put("seconds", result.took().toMillis() / 1e3);
        document.put("phaseSeconds", phases);
        document.put("serverVersion", result.serverVersion());
        document.put("serverOptions", result.options());
        document.put("notes", result.notes());
        return document;
    }
}
