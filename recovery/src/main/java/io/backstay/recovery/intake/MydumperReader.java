package io.backstay.recovery.intake;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A folder of mydumper.
///
/// | File | Holds |
/// | --- | --- |
/// | `metadata` | `Log:`, `Pos:`, `GTID:` below `SHOW MASTER STATUS:`, or keys `File`, `Position`, `Executed_Gtid_Set` in a section; `Finished dump at` at its end |
/// | `S-schema-create.sql` | CREATE DATABASE |
/// | `S.T-schema.sql` | CREATE TABLE; of a view its stand-in, which a file `S.T-schema-view.sql` replaces |
/// | `S.T.sql`, `S.T.NNNNN.sql`, `S.T.NNNNN.NNNNN.sql` | rows |
/// | `S-schema-post.sql`, `S-schema-triggers.sql`, `S.T-schema-triggers.sql` | programs |
///
/// Each may end in `.gz` or `.zst`. A schema or table whose name has a dot cannot be told from such
/// a file name and is refused. Source: mydumper's manual, "Files".
final class MydumperReader {
    private static final Pattern FILE =
            Pattern.compile(
                    "(?i)^\\s*#?\\s*(?:Log|File|source_log_file)\\s*[:=]\\s*\"?([^\"\\s]+)\"?\\s*$");
    private static final Pattern OFFSET =
            Pattern.compile(
                    "(?i)^\\s*#?\\s*(?:Pos|Position|source_log_pos)\\s*[:=]\\s*\"?(\\d+)\"?\\s*$");
    private static final Pattern GTID =
            Pattern.compile(
                    "(?i)^\\s*#?\\s*(?:GTID|Executed_Gtid_Set|executed_gtid_set)\\s*[:=]\\s*\"?([\\d,-]+)\"?\\s*$");

    private final Path folder;
    private final DumpContents contents;
    private final BaseWriter writer;

    MydumperReader(Path folder, DumpContents contents, BaseWriter writer) {
        this.folder = folder;
        this.contents = contents;
        this.writer = writer;
    }

    void read() throws IOException {
        metadata();
        List<Path> files = new BaseInput.MydumperFolder(folder).files();
        var ordered = new ArrayList<>(files);
        ordered.sort(Comparator.comparingInt(MydumperReader::rank).thenComparing(Path::toString));
        for (Path file : ordered) {
            String name = plainName(file);
            if (!name.endsWith(".sql")) {
                continue;
            }
            if (name.endsWith("-schema.sql")
                    && files.stream()
                            .anyMatch(
                                    f ->
                                            plainName(f)
                                                    .equals(
                                                            name.replace(
                                                                    "-schema.sql",
                                                                    "-schema-view.sql")))) {
                continue;
            }
            try (InputStream in = BaseInput.open(file)) {
                new DumpReader(contents, writer, LogFiles.name(file)).read(in, schemaOf(name));
            }
        }
    }

    private void metadata() throws IOException {
        String text = Files.readString(folder.resolve("metadata"), StandardCharsets.UTF_8);
        if (text.toLowerCase(Locale.ROOT).contains("finished dump at")) {
            contents.comment("Dump completed");
        }
        Optional<String> file = Optional.empty();
        Optional<Long> offset = Optional.empty();
        Optional<MariaDbGtidState> gtid = Optional.empty();
        for (String line : text.lines().toList()) {
            if (line.strip().equals("SHOW SLAVE STATUS:")) {
                break;
            }
            file = file.or(() -> find(FILE, line));
            offset = offset.or(() -> find(OFFSET, line).map(Long::parseLong));
            gtid = gtid.or(() -> find(GTID, line).map(MariaDbGtidState::parse));
        }
        Optional<Long> at = offset;
        contents.position(
                new DumpPosition(
                        file.flatMap(f -> at.map(o -> new BinlogPosition(f, o))),
                        gtid.map(MariaDbGtidState::positionState)));
    }

    private static Optional<String> find(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /// Definitions before rows, programs last.
    private static int rank(Path file) {
        String name = plainName(file);
        if (name.endsWith("-schema-create.sql")) {
            return 0;
        }
        if (name.endsWith("-schema.sql")) {
            return 1;
        }
        return name.contains("-schema-") ? 3 : 2;
    }

    private static String plainName(Path file) {
        return LogFiles.name(file).replaceFirst("\\.(gz|zst)$", "");
    }

    private static String schemaOf(String name) {
        String stem = name.substring(0, name.length() - ".sql".length());
        String first = stem.split("\\.", 2)[0];
        String rest = stem.substring(first.length());
        if (rest.chars().filter(c -> c == '.').count() > 3) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "file "
                            + name
                            + ": the schema cannot be told from the table, as a name has a dot",
                    "dump with mariadb-dump, or take a base with `backstay backup`.");
        }
        return first.replaceFirst("-schema(-create|-post|-triggers)?$", "");
    }
}
