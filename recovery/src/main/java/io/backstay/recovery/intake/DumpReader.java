package io.backstay.recovery.intake;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Schemas;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.BaseDocument.Table;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One text dump, read front to back without a server: definitions and programs to [DumpContents],
/// rows to [BaseWriter].
///
/// Understands what mariadb-dump, mysqldump and mydumper write; a statement it does not know is an
/// error, as leaving one out could leave data out. The schemas of the server itself are passed
/// over.
final class DumpReader {
    private static final Pattern ROWS =
            Pattern.compile("(?i)(?:INSERT|REPLACE)\\s+(?:IGNORE\\s+)?INTO\\s+`((?:[^`]|``)*)`");
    private static final Pattern SCHEMA =
            Pattern.compile("(?i)CREATE\\s+DATABASE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(.*)");
    private static final Pattern PASSED_OVER =
            Pattern.compile(
                    "(?i)(LOCK|UNLOCK|DROP|COMMIT|BEGIN|START\\s+TRANSACTION|FLUSH|ANALYZE|ALTER\\s+DATABASE"
                            + "|ALTER\\s+TABLE\\s+`(?:[^`]|``)*`\\s+(?:DISABLE|ENABLE)\\s+KEYS)\\b.*");
    private static final int HEAD_BYTES = 300;

    private final DumpContents contents;
    private final BaseWriter writer;
    private final String what;

    /// @param what the dump's name, for errors
    DumpReader(DumpContents contents, BaseWriter writer, String what) {
        this.contents = contents;
        this.writer = writer;
        this.what = what;
    }

    /// @param schema that statements before any USE are about; empty text if there must be none
    void read(InputStream in, String schema) throws IOException {
        var context = new DumpContext(schema);
        var statements = new StatementReader(in, contents::comment);
        while (statements.next()) {
            byte first = statements.buffer()[statements.from()];
            if (first == 'I' || first == 'R') {
                rows(statements, context);
            } else {
                statement(statements, context);
            }
        }
    }

    private void rows(StatementReader statements, DumpContext context) {
        int from = statements.from();
        String head =
                new String(
                        statements.buffer(),
                        from,
                        Math.min(HEAD_BYTES, statements.end() - from),
                        java.nio.charset.StandardCharsets.UTF_8);
        Matcher insert = ROWS.matcher(head);
        if (!insert.lookingAt()) {
            throw unknown(statements, head);
        }
        String schema = requireSchema(context);
        if (!Schemas.SYSTEM.contains(schema)) {
            writer.insert(
                    new TableName(schema, insert.group(1).replace("``", "`")),
                    context.names(),
                    context,
                    statements.buffer(),
                    from,
                    statements.end());
        }
    }

    private void statement(StatementReader statements, DumpContext context) {
        String raw = statements.text();
        String sql = ProgramReader.unwrapped(raw);
        String start = sql.substring(0, Math.min(30, sql.length())).toUpperCase(Locale.ROOT);
        if (start.startsWith("SET ") || start.startsWith("USE ")) {
            context.see(sql);
            contents.comment(sql);
        } else if (start.startsWith("CHANGE MASTER ") || start.startsWith("CHANGE REPLICATION ")) {
            contents.comment(sql);
        } else if (PASSED_OVER.matcher(sql.lines().findFirst().orElse("")).matches()) {
            return;
        } else if (start.startsWith("CREATE DATABASE")) {
            schema(sql);
        } else if (start.startsWith("CREATE TABLE ")) {
            if (!raw.startsWith("/*!")) {
                table(sql, context);
            }
        } else if (start.startsWith("CREATE USER")
                || start.startsWith("CREATE OR REPLACE USER")
                || start.startsWith("CREATE ROLE")
                || start.startsWith("CREATE OR REPLACE ROLE")
                || start.startsWith("GRANT ")) {
            contents.account(sql);
        } else if (start.contains("SETVAL(")) {
            contents.sequenceValue(requireSchema(context), sql);
        } else if (start.startsWith("CREATE ")) {
            program(statements, sql, context);
        } else {
            throw unknown(statements, sql);
        }
    }

    private void schema(String sql) {
        Matcher matcher = SCHEMA.matcher(sql);
        if (matcher.matches()) {
            String rest = matcher.group(1);
            String name = new SqlWords(rest).name();
            if (!Schemas.SYSTEM.contains(name)) {
                contents.schema(name, "CREATE DATABASE " + rest);
            }
        }
    }

    private void table(String sql, DumpContext context) {
        String schema = requireSchema(context);
        if (Schemas.SYSTEM.contains(schema)) {
            contents.systemSchema(schema);
            return;
        }
        Table table = TableReader.read(schema, sql);
        contents.table(table);
        writer.table(table);
    }

    private void program(StatementReader statements, String sql, DumpContext context) {
        String schema = requireSchema(context);
        if (Schemas.SYSTEM.contains(schema)) {
            return;
        }
        contents.program(
                ProgramReader.find(schema, sql, context)
                        .orElseThrow(() -> unknown(statements, sql)));
    }

    private String requireSchema(DumpContext context) {
        return context.schema()
                .orElseThrow(
                        () ->
                                new Problem(
                                        ErrorCode.USAGE,
                                        what + " does not say which schema it is of",
                                        "name it: `backstay archive import --schema NAME ...`."));
    }

    private Problem unknown(StatementReader statements, String sql) {
        return new Problem(
                ErrorCode.UNSUPPORTED,
                "%s: statement at byte %d is not understood: %s"
                        .formatted(
                                what,
                                statements.offset(),
                                sql.lines()
                                        .findFirst()
                                        .orElse("")
                                        .substring(
                                                0,
                                                Math.min(
                                                        80,
                                                        sql.lines()
                                                                .findFirst()
                                                                .orElse("")
                                                                .length()))),
                "give a dump of mariadb-dump, mysqldump or mydumper, as it was written.");
    }
}
