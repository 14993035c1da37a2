package io.backstay.recovery.intake;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.ServerVersion;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseDocument.Lock;
import io.backstay.recovery.archive.BaseDocument.Source;
import io.backstay.recovery.archive.BaseDocument.Table;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.MariaDbPosition;
import io.backstay.recovery.archive.PartEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One backup of others becoming a base.
///
/// Its place in the log is `--from`, else what it says itself; where the log is there too, the two
/// must agree. A base without a place, or without its last line, is refused.
final class BaseIntake {
    private final Archive archive;
    private final BaseInput input;
    private final Optional<LogFiles> logs;
    private final IntakeRequest request;
    private final DumpContents contents = new DumpContents();

    private BaseIntake(
            Archive archive, BaseInput input, Optional<LogFiles> logs, IntakeRequest request) {
        this.archive = archive;
        this.input = input;
        this.logs = logs;
        this.request = request;
    }

    record Result(BaseEntry entry, boolean isNew, List<String> losses, List<String> warnings) {}

    /// The caller holds the lock of the role `backup`.
    static Result run(
            Archive archive,
            BaseInput input,
            Optional<LogFiles> logs,
            IntakeRequest request,
            RecoveryListener listener) {
        return new BaseIntake(archive, input, logs, request).run(listener);
    }

    private Result run(RecoveryListener listener) {
        listener.phase("digest");
        String id = id();
        Optional<BaseEntry> known =
                archive.manifest().bases().stream().filter(b -> b.id().equals(id)).findFirst();
        if (known.isPresent()) {
            BaseDocument document = archive.document(known.get());
            return new Result(known.get(), false, losses(document), document.warnings());
        }
        listener.phase("read");
        List<Table> tables;
        try (var writer = new BaseWriter(archive, id, request.threads(), listener)) {
            read(writer);
            tables = writer.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        requireComplete();
        BaseDocument document = document(id, tables);
        PartEntry part = archive.writeBaseDocument(document);
        BaseEntry entry = BaseEntry.of(id, part, document);
        archive.addBase(entry);
        return new Result(entry, true, contents.losses(), document.warnings());
    }

    private String id() {
        String all = input.digest() + " " + request.from() + " " + request.schema();
        return "import-" + Disk.sha256(all.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    private void read(BaseWriter writer) throws IOException {
        switch (input) {
            case BaseInput.TextDump(Path file) -> {
                try (InputStream in = BaseInput.open(file)) {
                    new DumpReader(contents, writer, LogFiles.name(file))
                            .read(in, request.schema());
                }
            }
            case BaseInput.MydumperFolder(Path folder) ->
                    new MydumperReader(folder, contents, writer).read();
        }
    }

    private void requireComplete() {
        if (!contents.isComplete()) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "the dump does not say that it was completed: expected its last line `-- Dump completed` (mydumper:"
                            + " `Finished dump at` in metadata), found the end",
                    "it was cut short or made with --skip-comments: make it again.");
        }
    }

    private BaseDocument document(String id, List<Table> tables) {
        return new BaseDocument(
                BaseDocument.FORMAT_VERSION,
                id,
                source(),
                new Lock("imported: not known", -1),
                contents.schemas(),
                tables,
                contents.programs(),
                contents.accounts(),
                contents.warnings());
    }

    private Source source() {
        Optional<BinlogPosition> position = request.from().or(() -> contents.position().position());
        Optional<LogFiles.Place> place = position.flatMap(p -> logs.map(files -> files.at(p)));
        Optional<MariaDbGtidState> said =
                request.from().isPresent() ? Optional.empty() : contents.position().gtid();
        Optional<MariaDbGtidState> logged =
                place.map(p -> MariaDbPosition.require(p.state(), "taking in a dump"))
                        .map(MariaDbGtidState::positionState);
        MariaDbGtidState gtid = said.or(() -> logged).orElseThrow(this::noPlace);
        if (logged.isPresent() && !logged.get().equals(gtid)) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "the base says that it is at GTID %s, the log at %s is at %s"
                            .formatted(
                                    gtid, position.map(Object::toString).orElse(""), logged.get()),
                    "give the log of the server that the base was taken from.");
        }
        String version = version(place);
        return new Source(
                version,
                place.map(LogFiles.Place::serverId).orElse(0L),
                place.map(LogFiles.Place::at).orElseGet(this::modified),
                gtid.toString(),
                place.map(p -> p.state().toString()).orElse(gtid.toString()),
                "",
                position.map(BinlogPosition::file).orElse(""),
                position.map(BinlogPosition::offsetBytes).orElse(0L),
                lowerCaseTableNames(),
                "",
                "");
    }

    private Instant modified() {
        return input.modified();
    }

    private String version(Optional<LogFiles.Place> place) {
        String version =
                contents.version()
                        .or(() -> place.map(LogFiles.Place::version))
                        .orElseThrow(
                                () ->
                                        new Problem(
                                                ErrorCode.BAD_FILE,
                                                "the base does not say of which server version it is",
                                                "give its log too: --binlogs DIR."));
        if (ServerVersion.parse(version).flavour() != Flavour.MARIADB) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "the base is of a server "
                            + version
                            + ": backups of MySQL are not imported yet",
                    "load it into a MySQL server by its own tools.");
        }
        return version;
    }

    private Problem noPlace() {
        return new Problem(
                ErrorCode.USAGE,
                "the base does not say where in the log it is, and its GTID cannot be found",
                "give the position with its log: --from FILE:POSITION --binlogs DIR; or dump with"
                        + " mariadb-dump --single-transaction --master-data=2 --gtid.");
    }

    /// Names with capitals exist only where their case counts; names without are the same under
    /// every setting, so nothing needs to be known then.
    private int lowerCaseTableNames() {
        return contents.tables().stream()
                        .map(table -> table.schema() + table.name())
                        .anyMatch(name -> name.chars().anyMatch(Character::isUpperCase))
                ? 0
                : BaseDocument.CASE_SETTING_UNKNOWN;
    }

    private static List<String> losses(BaseDocument document) {
        return document.tables().stream()
                .flatMap(
                        table ->
                                table.columns().stream()
                                        .flatMap(
                                                column ->
                                                        FieldText.loss(column).stream()
                                                                .map(
                                                                        loss ->
                                                                                "%s.%s (%s)"
                                                                                        .formatted(
                                                                                                table
                                                                                                        .qualifiedName(),
                                                                                                column
                                                                                                        .name(),
                                                                                                loss))))
                .toList();
    }
}
