package io.backstay.recovery.intake;

import io.backstay.binlog.GtidSet;
import io.backstay.binlog.MySqlGtidSet;
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
import io.backstay.recovery.archive.PartEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
            case BaseInput.PhysicalFolder(Path folder) ->
                    throw new IllegalArgumentException(
                            "no statements in it, see PhysicalIntake: " + folder);
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
        BasePlace at = BasePlace.of(request, contents.position(), logs);
        return at.source(version(at.place(), at.gtid()), input.modified(), lowerCaseTableNames());
    }

    private String version(Optional<LogFiles.Place> place, GtidSet gtid) {
        String version =
                contents.version()
                        .or(() -> place.map(LogFiles.Place::version))
                        .orElseThrow(
                                () ->
                                        new Problem(
                                                ErrorCode.BAD_FILE,
                                                "the base does not say of which server version it is",
                                                "give its log too: --binlogs DIR."));
        boolean isMySql = ServerVersion.parse(version).flavour() == Flavour.MYSQL;
        if (!gtid.toString().isEmpty() && isMySql != (gtid instanceof MySqlGtidSet)) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "the base is of a server %s, and its place in the log is %s, which that server does not write"
                            .formatted(version, gtid),
                    "give a dump and the log of one server, as it wrote them.");
        }
        return version;
    }

    /// Names with capitals exist only where their case counts; names without are the same under
    /// every setting, so nothing needs to be known then.
    private int lowerCaseTableNames() {
        return caseSetting(contents.tables().stream().map(t -> t.schema() + t.name()));
    }

    static int caseSetting(Stream<String> names) {
        return names.anyMatch(name -> name.chars().anyMatch(Character::isUpperCase))
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
