package io.backstay.recovery.restore;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerVersion;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.CopyDocument;
import io.backstay.recovery.archive.CopyEntry;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.physical.CopyServers;
import io.backstay.recovery.physical.KeptFiles;
import io.backstay.recovery.physical.PhysicalCopy;
import io.backstay.recovery.proof.Certificate;
import io.backstay.recovery.proof.LogCoverage.Coverage;
import io.backstay.recovery.proof.ProvenTable;
import io.backstay.recovery.proof.Witness;
import io.backstay.recovery.stream.OpenSegmentRecovery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts the kept data directory of a base into a folder, proves it, and goes on with the log.
///
/// ```
/// plan ─► folder empty? ─► files ─► a server on them ─► every table read back
///      ─► net changes of the log behind the base ─► GTID state ─► stopped cleanly ─► mark gone
/// ```
///
/// Killed anywhere, the folder holds [#MARK]: the same request empties it and begins anew, unless a
/// server uses it. What ended unproven holds [#UNPROVEN], and is somebody's to look at: it is never
/// emptied. What a net change cannot express is refused as by [GoOn]; the base's own point is
/// restored then, if it was asked for.
public final class FolderRestore {
    /// A file of a folder that is not whole.
    static final String MARK = "backstay-restore-unfinished";

    /// A file of a folder that is whole, and not all of it proven.
    static final String UNPROVEN = "backstay-restore-unproven";

    private final FolderRequest request;
    private final Archive archive;
    private final CopyServers servers;
    private final RecoveryListener listener;
    private final Certification certification;
    private final Instant begun = Instant.now();
    private final long started = System.nanoTime();
    private final Map<String, Duration> phases = new LinkedHashMap<>();
    private long phaseStarted = started;

    private FolderRestore(
            FolderRequest request,
            Archive archive,
            CopyServers servers,
            RecoveryListener listener,
            Certification certification) {
        this.request = request;
        this.archive = archive;
        this.servers = servers;
        this.listener = listener;
        this.certification = certification;
    }

    /// @param rows read back from the files' server, of the base
    /// @param changed rows that the log behind it changed, each read back
    public record Result(
            String baseId,
            String gtid,
            String gtidBinlogState,
            String serverVersion,
            List<String> options,
            int tables,
            long rows,
            long transactions,
            long changed,
            Map<String, Duration> phases,
            Duration took,
            List<String> notes,
            List<String> unproven) {
        public boolean isProven() {
            return unproven.isEmpty();
        }
    }

    /// Errors: no base with files that reaches that far; a folder that holds something, with
    /// nothing changed in it; damage; a log that has more than net changes.
    public static Result run(
            FolderRequest request,
            CopyServers servers,
            RecoveryListener listener,
            Certification certification) {
        Archive archive = Archive.open(request.archive());
        OpenSegmentRecovery.run(archive).ifPresent(listener::note);
        return new FolderRestore(request, archive, servers, listener, certification).run();
    }

    /// A base that has files, and the log from there on.
    private record Start(BaseEntry base, CopyEntry copy, UntilSearch.Cut cut) {}

    private Result run() {
        Start start = start();
        CopyDocument copy = archive.copies().document(start.copy());
        BaseDocument base = archive.document(start.base());
        requireEmpty();
        listener.phase("files");
        Disk.folder(request.folder());
        Disk.writeAtomically(request.folder().resolve(MARK), start.base().id() + "\n");
        KeptFiles.fetch(archive, copy, request.folder(), request.threads());
        endPhase("files");
        listener.phase("start");
        var options = new ArrayList<>(copy.options());
        options.add("--lower-case-table-names=" + Math.max(0, base.source().lowerCaseTableNames()));
        if (!request.logName().isEmpty()) {
            options.add("--log-bin=" + request.logName());
        }
        try (CopyServers.Running running =
                servers.start(
                        request.folder(), ServerVersion.parse(copy.serverVersion()), options)) {
            endPhase("start");
            return serve(start, base, copy, running);
        }
    }

    private Result serve(
            Start start, BaseDocument base, CopyDocument copy, CopyServers.Running running) {
        var unproven = new ArrayList<String>();
        var notes = new ArrayList<>(base.warnings());
        listener.phase("verify");
        var proof = new FolderProof(archive, base, running.address(), request.threads());
        List<ProvenTable> tables = proof.tables(listener);
        try (Server control = Server.connect(running.address())) {
            unproven.addAll(proof.differences(control, tables));
        }
        endPhase("verify");
        String state;
        String gtid;
        Optional<GoOn.Result> gone;
        Coverage coverage;
        try (Server control = Server.connect(running.address())) {
            begin(control, base, start.base());
            gone = unproven.isEmpty() ? goOn(start, running) : Optional.empty();
            coverage = proof.coverage(start.cut(), gone);
            coverage.holes().forEach(hole -> unproven.add("the log has a hole: " + hole));
            gone.ifPresent(
                    step ->
                            notes.add(
                                    "the digests are of the base; of the log behind it %d rows were changed, and each was read back"
                                            .formatted(step.rows() + step.already())));
            gtid = control.requireValue("SELECT @@gtid_slave_pos");
            boolean isLogged = control.requireValue("SELECT @@log_bin").equals("1");
            state = isLogged ? control.requireValue("SELECT @@gtid_binlog_state") : "";
            if (!isLogged) {
                notes.add(
                        "no binary log was begun there: where replicas are to attach, name it as log_bin will:"
                                + " --log-bin NAME");
            }
            certification
                    .keeper()
                    .accept(
                            certificate(
                                    start, control, coverage, tables, gtid, state, notes,
                                    unproven));
            KeptFiles.dropOwnAccount(control);
        }
        listener.phase("stop");
        running.stop();
        finish(unproven.isEmpty());
        endPhase("stop");
        notes.forEach(listener::note);
        return new Result(
                start.base().id(),
                gtid,
                state,
                copy.serverVersion(),
                copy.options(),
                tables.size(),
                tables.stream().mapToLong(ProvenTable::baseRows).sum(),
                gone.map(GoOn.Result::transactions).orElse(0L),
                gone.map(step -> step.rows() + step.already()).orElse(0L),
                phases,
                Duration.ofNanos(System.nanoTime() - started),
                List.copyOf(notes),
                List.copyOf(unproven));
    }

    private void finish(boolean isProven) {
        Path mark = request.folder().resolve(MARK);
        try {
            if (isProven) {
                Files.delete(mark);
            } else {
                Files.move(mark, mark.resolveSibling(UNPROVEN), StandardCopyOption.ATOMIC_MOVE);
            }
            Disk.syncFolder(request.folder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The binary log of the directory, if one is wanted, begins where the base ends.
    private void begin(Server control, BaseDocument base, BaseEntry entry) {
        if (request.logName().isEmpty()) {
            return;
        }
        String said = base.source().gtidBinlogState();
        MariaDbGtidState state = MariaDbGtidState.parse(said.isEmpty() ? entry.gtid() : said);
        control.execute("RESET MASTER");
        control.execute("SET GLOBAL gtid_binlog_state = " + Identifier.text(state.toString()));
    }

    private Optional<GoOn.Result> goOn(Start start, CopyServers.Running running) {
        if (start.cut().segments().isEmpty()) {
            return Optional.empty();
        }
        listener.phase("go on");
        GoOn.Result gone =
                GoOn.run(
                        new RestoreRequest(
                                request.archive(),
                                running.address(),
                                request.until(),
                                request.threads(),
                                false,
                                false),
                        listener);
        endPhase("go on");
        return Optional.of(gone);
    }

    private Start start() {
        for (BaseEntry base : archive.manifest().bases().reversed()) {
            Optional<CopyEntry> copy = archive.manifest().copyOf(base);
            if (copy.isPresent()) {
                List<SegmentEntry> after = archive.manifest().segmentsAfter(base);
                var cut = new UntilSearch(archive).find(base, after, request.until());
                if (cut.isPresent()) {
                    return new Start(base, copy.get(), cut.get());
                }
            }
        }
        throw new Problem(
                ErrorCode.FAILED,
                "archive %s has no base with files that reaches %s"
                        .formatted(archive.address(), request.until()),
                "keep some: `backstay archive rebase --physical --archive %s`; or restore into a running server: `backstay restore --to URL`."
                        .formatted(archive.address()));
    }

    private void requireEmpty() {
        Path folder = request.folder();
        if (Files.exists(folder.resolve(MARK))) {
            PhysicalCopy.requireUnused(folder);
            listener.note("emptied " + folder + ": a run that was killed had begun it");
            empty(folder);
        }
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.list(folder)) {
            Optional<Path> one = files.findFirst();
            if (one.isPresent()) {
                throw new Problem(
                        ErrorCode.REFUSED,
                        "folder %s is not empty: it holds %s"
                                .formatted(folder, one.get().getFileName()),
                        "give a folder that is empty or does not exist. Nothing was changed in this one.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The mark goes last; the folder stays, as it may be a mount point.
    private static void empty(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(f -> !f.endsWith(MARK)).toList()) {
                Disk.deleteTree(file);
            }
            Files.delete(folder.resolve(MARK));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Certificate certificate(
            Start start,
            Server control,
            Coverage coverage,
            List<ProvenTable> tables,
            String gtid,
            String state,
            List<String> notes,
            List<String> unproven) {
        return new Certificate(
                Archive.WRITER,
                begun,
                Instant.now(),
                archive.manifest().archiveId(),
                new Certificate.Base(
                        start.base().id(),
                        start.base().part().sha256(),
                        start.base().gtid(),
                        start.base().serverVersion()),
                request.until().toString(),
                gtid,
                state,
                "all",
                new Certificate.Target(
                        request.folder().toAbsolutePath().toString(),
                        control.version().toString(),
                        Long.parseLong(control.requireValue("SELECT @@server_id")),
                        "an empty folder"),
                coverage,
                tables,
                Witness.Report.none("not asked: every row was read back"),
                List.copyOf(notes),
                List.copyOf(unproven));
    }

    private void endPhase(String name) {
        long now = System.nanoTime();
        phases.put(name, Duration.ofNanos(now - phaseStarted));
        phaseStarted = now;
    }
}
