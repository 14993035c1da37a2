package io.backstay.cli;

import io.backstay.binlog.BinlogPosition;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.intake.Intake;
import io.backstay.recovery.intake.IntakeRequest;
import io.backstay.recovery.intake.IntakeResult;
import io.backstay.recovery.physical.CopyServers;
import io.backstay.recovery.physical.PhysicalCopy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "import",
        description = "Take a backup and binary logs that others made into an archive.",
        footer = {
            "",
            "A base: a dump of mariadb-dump (plain, .gz, .zst), a folder of mydumper, a folder of mariadb-backup",
            "(prepared or not), or the data directory of a server that was stopped. Its place in the log is what it says",
            "itself (--master-data=2, --gtid, metadata, binlog_info, the log in the directory) or --from. A log: a folder",
            "with one server's binary log files, none missing. No server of yours is asked; a physical copy is copied to",
            "the folder --scratch, and a server of its series is started on that copy. Killed at any moment, the same",
            "command goes on; what the archive has already is not added again, so a grown log may be given each day.",
            "Exit codes: 0 imported, or all was there; 1 failed (a gap, a log of another server); 2 usage,",
            "damage, or what is not supported (named); 3 a copy of a server that runs, or was not stopped cleanly."
        })
final class ArchiveImportCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private ArchiveOption archive = new ArchiveOption();

    @Option(names = "--base", paramLabel = "DUMP_OR_DIR", description = "The backup.")
    private @Nullable Path base;

    @Option(
            names = "--binlogs",
            paramLabel = "DIR",
            description = "Folder of binary log files, from the base's position on at least.")
    private @Nullable Path binlogs;

    @Option(
            names = "--from",
            paramLabel = "FILE:POSITION",
            description = "Where in that log the base is, if it does not say so itself.")
    private @Nullable String from;

    @Option(
            names = "--schema",
            paramLabel = "NAME",
            description = "Schema of a dump that was made without --databases.")
    private String schema = "";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that turn rows into chunks. Default: ${DEFAULT-VALUE}.")
    private int threads = 2;

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description =
                    "Folder in which the copy of a physical copy is made; needs room for all of it. Default: one of"
                            + " the program's own.")
    private @Nullable Path scratch;

    @Option(
            names = "--mariadbd",
            paramLabel = "PATH",
            description =
                    "The server program for a physical copy. Default: one of its series on this machine.")
    private @Nullable Path program;

    @Override
    public Integer call() {
        Threads.require(threads);
        IntakeResult result =
                base != null && PhysicalCopy.is(base) ? withServers(base) : run(Optional.empty());
        console.result(text(result), () -> document(result));
        return 0;
    }

    private IntakeResult withServers(Path copy) {
        Path parent = scratch != null ? scratch : ScratchCopies.folderFor("import", copy);
        try (ScratchCopies servers = ScratchCopies.in(parent, copy, Optional.ofNullable(program))) {
            return run(Optional.of(servers));
        }
    }

    private IntakeResult run(Optional<CopyServers> servers) {
        return Intake.run(
                new IntakeRequest(
                        archive.address(),
                        Optional.ofNullable(base),
                        Optional.ofNullable(binlogs),
                        Optional.ofNullable(from).map(ArchiveImportCommand::position),
                        schema,
                        threads),
                new RecoveryProgress(console),
                servers);
    }

    private static BinlogPosition position(String text) {
        try {
            return BinlogPosition.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--from: expected FILE:POSITION, found '" + text + "'",
                    "write `--from binlog.000003:1234`.",
                    e);
        }
    }

    private static String text(IntakeResult result) {
        var text = new StringBuilder();
        result.base()
                .ifPresent(
                        entry ->
                                text.append(
                                        "%s%s: %d tables, %d rows, %.1f MB compressed, GTID %s, in %.1f s\n"
                                                .formatted(
                                                        entry.id(),
                                                        result.isBaseNew() ? "" : " (was there)",
                                                        entry.tables(),
                                                        entry.rows(),
                                                        entry.bytes() / 1e6,
                                                        entry.gtid().isEmpty()
                                                                ? "(none)"
                                                                : entry.gtid(),
                                                        result.baseTook().toMillis() / 1e3)));
        result.warnings().forEach(warning -> text.append("note: ").append(warning).append('\n'));
        text.append(
                "log: %d new segments, %d transactions, %.1f MB, in %.1f s; archive ends at %s"
                        .formatted(
                                result.segments(),
                                result.transactions(),
                                result.logBytes() / 1e6,
                                result.logTook().toMillis() / 1e3,
                                result.end().isEmpty() ? "(none)" : result.end()));
        return text.toString();
    }

    private static Map<String, Object> document(IntakeResult result) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("base", result.base().orElse(null));
        document.put("baseIsNew", result.isBaseNew());
        document.put("inexactColumns", result.losses());
        document.put("warnings", result.warnings());
        document.put("newSegments", result.segments());
        document.put("newTransactions", result.transactions());
        document.put("logBytes", result.logBytes());
        document.put("end", result.end());
        document.put("baseSeconds", result.baseTook().toMillis() / 1e3);
        document.put("logSeconds", result.logTook().toMillis() / 1e3);
        return document;
    }
}
