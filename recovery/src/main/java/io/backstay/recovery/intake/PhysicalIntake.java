package io.backstay.recovery.intake;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.GtidSet;
import io.backstay.doors.Disk;
import io.backstay.mysql.ServerVersion;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseDocument.Lock;
import io.backstay.recovery.archive.BaseDocument.Source;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.physical.CopyFiles;
import io.backstay.recovery.physical.CopyServers;
import io.backstay.recovery.physical.OpenedCopy;
import io.backstay.recovery.physical.PhysicalCopy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A physical copy becoming a base: copied, prepared if it is not, served by a server of its own
/// series, and backed up from that.
///
/// ```
/// look ─► where in the log? ─► copy, digest ─► known? ─yes─► done
///                                  └─no─► prepare ─► server on the copy ─► backup ─► entered
/// ```
///
/// What is taken in is what that server says the copy holds; the copy that was given is only read.
/// The base's name is the digest of the files and the place, so the same copy is added once.
final class PhysicalIntake {
    private final Archive archive;
    private final Path folder;
    private final IntakeRequest request;
    private final CopyServers servers;
    private final RecoveryListener listener;

    private PhysicalIntake(
            Archive archive,
            Path folder,
            IntakeRequest request,
            CopyServers servers,
            RecoveryListener listener) {
        this.archive = archive;
        this.folder = folder;
        this.request = request;
        this.servers = servers;
        this.listener = listener;
    }

    static BaseIntake.Result run(
            Archive archive,
            Path folder,
            Optional<LogFiles> logs,
            IntakeRequest request,
            CopyServers servers,
            RecoveryListener listener) {
        return new PhysicalIntake(archive, folder, request, servers, listener).run(logs);
    }

    private BaseIntake.Result run(Optional<LogFiles> logs) {
        PhysicalCopy copy = PhysicalCopy.look(folder);
        Optional<ColdLog> cold = copy.isCold() ? ColdLog.find(folder) : Optional.empty();
        BasePlace place = place(copy, cold, logs);
        listener.phase("copy files");
        Path data = servers.folder().resolve("data");
        String digest =
                CopyFiles.copy(
                        folder,
                        data,
                        path -> cold.map(log -> !log.isLog(path)).orElse(true),
                        n -> {});
        String id = id(digest, place);
        Optional<BaseEntry> known =
                archive.manifest().bases().stream().filter(b -> b.id().equals(id)).findFirst();
        if (known.isPresent()) {
            List<String> warnings = archive.document(known.get()).warnings();
            return new BaseIntake.Result(known.get(), false, List.of(), warnings);
        }
        listener.phase(
                copy.isPrepared() ? "start a server on it" : "prepare, start a server on it");
        try (OpenedCopy opened = OpenedCopy.open(copy, data, servers)) {
            String account = opened.address().user();
            var made =
                    Backup.run(
                            new BackupRequest(
                                    archive.address(), opened.address(), request.threads()),
                            new OfTheCopy(listener),
                            id,
                            base -> retitled(base, copy, place, account));
            return new BaseIntake.Result(made.base(), true, List.of(), made.document().warnings());
        }
    }

    /// Errors: nobody says where; a log that goes with the copy says something else.
    private BasePlace place(PhysicalCopy copy, Optional<ColdLog> cold, Optional<LogFiles> logs) {
        if (cold.isPresent() && request.from().isEmpty()) {
            return BasePlace.of(request, cold.get().end(), Optional.of(cold.get().files()));
        }
        return BasePlace.of(
                request,
                new DumpPosition(copy.position(), copy.gtid().map(GtidSet.class::cast)),
                logs);
    }

    private String id(String digest, BasePlace place) {
        String all =
                digest + " " + place.position().map(BinlogPosition::toString) + " " + place.gtid();
        return "import-" + Disk.sha256(all.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    /// The base as one of the server that was copied, without the account of this run.
    private BaseDocument retitled(
            BaseDocument made, PhysicalCopy copy, BasePlace place, String account) {
        String version =
                place.place()
                        .map(LogFiles.Place::version)
                        .filter(v -> copy.version().isOlderThan(ServerVersion.parse(v)))
                        .orElse(copy.version().toString());
        int caseSetting =
                BaseIntake.caseSetting(made.tables().stream().map(t -> t.schema() + t.name()));
        Source source =
                place.source(version, new BaseInput.PhysicalFolder(folder).modified(), caseSetting);
        return new BaseDocument(
                made.formatVersion(),
                made.id(),
                source,
                new Lock(copy.isCold() ? "cold copy" : "copy by " + copy.maker(), -1),
                made.schemas(),
                made.tables(),
                made.programs(),
                made.accounts().stream().filter(text -> !text.contains(account)).toList(),
                warnings(made));
    }

    /// The server on the copy says of itself that it writes no log; the source may.
    private static List<String> warnings(BaseDocument made) {
        var warnings = new ArrayList<String>();
        made.warnings().stream()
                .filter(warning -> !warning.startsWith("the server writes no binary log"))
                .forEach(warnings::add);
        made.tables().stream()
                .filter(table -> table.engine().equals("MEMORY"))
                .map(
                        table ->
                                table.qualifiedName()
                                        + ": a MEMORY table is empty in a physical copy; what the log changes in it may"
                                        + " not be found")
                .forEach(warnings::add);
        return warnings;
    }

    /// What the backup says of the server on the copy is not true of the source: how long writers
    /// were held up, that it writes no log.
    private record OfTheCopy(RecoveryListener listener) implements RecoveryListener {
        @Override
        public void phase(String name) {
            listener.phase(name);
        }

        @Override
        public void expected(long bytes) {
            listener.expected(bytes);
        }

        @Override
        public void table(String qualifiedName, long rows, long bytes, boolean isDone) {
            listener.table(qualifiedName, rows, bytes, isDone);
        }

        @Override
        public void note(String text) {}
    }
}
