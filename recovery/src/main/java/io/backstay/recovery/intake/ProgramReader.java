package io.backstay.recovery.intake;

import io.backstay.recovery.archive.BaseDocument.Program;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A view, routine, trigger, event or sequence out of the statement that makes it.
final class ProgramReader {
    private static final Pattern HEAD =
            Pattern.compile(
                    "(?i)CREATE\\s+(?:OR\\s+REPLACE\\s+)?(?:ALGORITHM=\\w+\\s+)?"
                            + "(?:DEFINER=(?:`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)?|\\w+)\\s+)?"
                            + "(?:SQL\\s+SECURITY\\s+\\w+\\s+)?(?:AGGREGATE\\s+)?"
                            + "(VIEW|SEQUENCE|PROCEDURE|FUNCTION|PACKAGE\\s+BODY|PACKAGE|TRIGGER|EVENT)\\s+"
                            + "(?:IF\\s+NOT\\s+EXISTS\\s+)?(`(?:[^`]|``)*`|[\\w$]+)(?:\\.(`(?:[^`]|``)*`|[\\w$]+))?");
    private static final Pattern EVENT_STATE =
            Pattern.compile("(?i)\\bPRESERVE\\s+(ENABLE|DISABLE(?:\\s+ON\\s+SLAVE)?)\\b");
    private static final Pattern START_WITH = Pattern.compile("(?i)\\bSTART\\s+WITH\\s+(-?\\d+)");
    private static final Pattern SEAM = Pattern.compile("\\*/\\s*/\\*M?!\\d*\\s*");
    private static final Pattern INNER =
            Pattern.compile("/\\*M?!\\d*\\s*((?:(?!\\*/).)*?)\\s*\\*/");

    private ProgramReader() {}

    static Optional<Program> find(String schema, String sql, DumpContext context) {
        Matcher head = HEAD.matcher(sql);
        if (!head.lookingAt()) {
            return Optional.empty();
        }
        String kind = head.group(1).toUpperCase(Locale.ROOT).replaceAll("\\s+", " ");
        String name = SqlWords.unquoted(head.group(3) == null ? head.group(2) : head.group(3));
        boolean hasMode = !kind.equals("VIEW") && !kind.equals("SEQUENCE");
        return Optional.of(
                new Program(
                        kind,
                        schema,
                        name,
                        sql,
                        hasMode ? context.sqlMode() : null,
                        kind.equals("SEQUENCE") ? null : context.characterSetClient(),
                        kind.equals("SEQUENCE") ? null : context.collation(),
                        kind.equals("EVENT") ? context.timeZone() : null,
                        switch (kind) {
                            case "EVENT" -> eventState(sql);
                            case "SEQUENCE" -> firstValue(sql);
                            // no other program has a state
                            default -> null;
                        }));
    }

    /// Until a SETVAL says another one.
    private static String firstValue(String sql) {
        Matcher start = START_WITH.matcher(sql);
        return start.find() ? start.group(1) : "1";
    }

    private static String eventState(String sql) {
        Matcher state = EVENT_STATE.matcher(sql);
        if (!state.find()) {
            return "ENABLED";
        }
        return switch (state.group(1).toUpperCase(Locale.ROOT).replaceAll("\\s+", " ")) {
            case "ENABLE" -> "ENABLED";
            case "DISABLE" -> "DISABLED";
            default -> "SLAVESIDE_DISABLED";
        };
    }

    /// A statement out of the comments that only some servers execute: `/*!50003 CREATE*/ ...`.
    static String unwrapped(String statement) {
        if (statement.startsWith("/*!") || statement.startsWith("/*M!")) {
            String body = statement.replaceFirst("^/\\*M?!\\d*\\s*", "");
            Matcher seam = SEAM.matcher(body);
            var joined = new StringBuilder();
            int from = 0;
            // the seams are in the head of the statement: a body may hold what looks like one
            for (int i = 0; i < 2 && seam.find(); i++) {
                joined.append(body, from, seam.start()).append(' ');
                from = seam.end();
            }
            joined.append(body, from, body.length());
            return joined.toString()
                    .strip()
                    .replaceFirst("\\s*\\*/$", "")
                    .replaceFirst("^CREATE\\s+ALGORITHM", "CREATE ALGORITHM");
        }
        if (statement.regionMatches(true, 0, "CREATE /*", 0, 9)
                || statement.regionMatches(true, 0, "CREATE DATABASE", 0, 15)) {
            return INNER.matcher(statement).replaceAll("$1");
        }
        return statement;
    }
}
