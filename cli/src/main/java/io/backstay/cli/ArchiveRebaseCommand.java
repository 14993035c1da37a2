package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.lab.ServerBinaries;
import io.backstay.mysql.ServerAddress;
import io.backstay.mysql.ServerVersion;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.CopyEntry;
import io.backstay.recovery.archive.Manifest;
import io.backstay.recovery.restore.Rebase;
import io.backstay.recovery.restore.RebaseFiles;
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
        name = "rebase",
        description =
                "Restore an archive to a scratch server, prove it, and keep it as the next base.",
        footer = {
            "",
            "The scratch server is started by this command (MariaDB 10.11.5 or 11.4.5, on a loopback address)",
            "and gone afterwards; --to gives an empty one of your own, which keeps what is restored to it.",
            "--physical keeps that server's files with the base, for `restore --to-datadir`.",
            "How long the restore took is written to the archive: it is the measured recovery time.",
            "Exit codes: 0 proven (and kept, if the log had anything new), 1 failed, 2 usage or what is not",
            "supported (named), 3 the server given is not empty, 4 restored, but not all of it proven."
        })
final class ArchiveRebaseCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private ArchiveOption archive = new ArchiveOption();

    @Option(
            names = "--to",
            paramLabel = "URL",
            converter = ServerAddressConverter.class,
            description = "An empty server to use in place of one that is started here.")
    private @Nullable ServerAddress target;

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description =
                    "Folder for the server that is started here; needs room for all the data.")
    private @Nullable Path scratch;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Tables at once. Default: ${DEFAULT-VALUE}.")
    private int threads = 2;

    @Option(
            names = "--physical",
            description =
                    "Keep the scratch server's files too, for `restore --to-datadir`: the fastest way back.")
    private boolean isPhysical;

    private @Nullable CopyEntry files;

    @Override
    public Integer call() {
        Threads.require(threads);
        if (isPhysical && target != null) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--physical keeps the files of a server that is started here, found --to",
                    "leave --to out.");
        }
        Archive opened = Archive.open(archive.address());
        Rebase.Result result = target == null ? onScratchServer(opened) : run(opened, target);
        console.result(text(result), () -> document(result));
        return 0;
    }

    private Rebase.Result onScratchServer(Archive opened) {
        Manifest manifest = opened.manifest();
        if (manifest.bases().isEmpty()) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "archive " + archive.address() + " has no base",
                    "make one with `backstay backup --archive "
                            + archive.address()
                            + " --server URL`.");
        }
        BaseDocument.Source source = opened.document(manifest.bases().getLast()).source();
        Path folder =
                scratch != null
                        ? scratch
                        : ServerBinaries.home()
                                .resolve("rebase-" + manifest.archiveId().substring(0, 8));
        console.say("scratch server in " + folder);
        try (ScratchServer server =
                isPhysical
                        ? ScratchServer.asInstalled(
                                folder, source.version(), source.lowerCaseTableNames())
                        : ScratchServer.start(
                                folder, source.version(), source.lowerCaseTableNames())) {
            Rebase.Result result = run(opened, server.address());
            if (isPhysical) {
                keepFiles(opened, result, server, folder);
            }
            return result;
        }
    }

    /// Of the next base, or of the one that the log has nothing new behind.
    private void keepFiles(
            Archive opened, Rebase.Result result, ScratchServer server, Path folder) {
        BaseEntry base = result.base().orElse(opened.manifest().bases().getLast());
        files = opened.manifest().copyOf(base).orElse(null);
        if (files != null) {
            return;
        }
        console.say("keeping its files");
        server.stop();
        Path copies = folder.resolve(ScratchServer.OWN_FOLDER).resolve("files");
        try (ScratchCopies servers = ScratchCopies.in(copies, server.dataDir(), Optional.empty())) {
            files =
                    RebaseFiles.keep(
                            opened,
                            base,
                            server.dataDir(),
                            ServerVersion.parse(server.version() + "-MariaDB"),
                            servers,
                            threads);
        }
    }

    private Rebase.Result run(Archive opened, ServerAddress server) {
        return Rebase.run(opened, server, threads, new RecoveryProgress(console));
    }

    private String text(Rebase.Result result) {
        var rehearsal = result.rehearsal();
        String restored =
                "restored %s with %d segments of log to GTID %s: %d rows, proven, in %.1f s"
                        .formatted(
                                rehearsal.base(),
                                rehearsal.segments(),
                                rehearsal.gtid().isEmpty() ? "(none)" : rehearsal.gtid(),
                                rehearsal.rows(),
                                rehearsal.restoreMillis() / 1e3);
        return restored
                + result.base()
                        .map(base -> "\nnext base: " + base.id())
                        .orElse("\nno next base: the log has nothing that the base has not")
                + (files == null
                        ? ""
                        : "\nfiles of %s: %d, %.1f MB"
                                .formatted(files.base(), files.files(), files.bytes() / 1e6));
    }

    private Map<String, Object> document(Rebase.Result result) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("rehearsal", result.rehearsal());
        document.put("base", result.base().orElse(null));
        document.put("files", files);
        return document;
    }
}
