package io.backstay.recovery.fold;

import io.backstay.mysql.TableName;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a statement in the log means for a fold, by its first words, comments aside. Of words that
/// only some servers execute (`/*!50701 ... */`) none makes a statement less than a change.
final class Statements {
    private static final int WORDS_CHARACTERS = 400;
    private static final int HEAD_CHARACTERS = 10 * WORDS_CHARACTERS;
    private static final String DEFINER = "(DEFINER ?= ?\\S+ )?";
    private static final Pattern PROGRAM =
            Pattern.compile(
                    "(CREATE|ALTER) (OR REPLACE )?(ALGORITHM ?= ?\\w+ )?"
                            + DEFINER
                            + "(SQL SECURITY \\w+ )?(AGGREGATE )?(VIEW|TRIGGER|PROCEDURE|FUNCTION|EVENT|PACKAGE) .*"
                            + "|DROP (VIEW|TRIGGER|PROCEDURE|FUNCTION|EVENT|PACKAGE) .*",
                    Pattern.DOTALL);
    private static final Pattern ACCOUNT =
            Pattern.compile(
                    "(CREATE (OR REPLACE )?|DROP |ALTER |RENAME )(USER|ROLE) .*|(GRANT|REVOKE) .*|SET"
                            + " (PASSWORD|DEFAULT ROLE) .*",
                    Pattern.DOTALL);
    private static final Pattern DATABASE =
            Pattern.compile(
                    "(CREATE (OR REPLACE )?|DROP |ALTER )(DATABASE|SCHEMA) .*", Pattern.DOTALL);
    private static final Pattern DROP_TEMPORARY =
            Pattern.compile("DROP TEMPORARY (TABLE|SEQUENCE) .*", Pattern.DOTALL);

    /// As a server writes it by itself.
    private static final String GENERATED_DROP = "DROP /*!40005 TEMPORARY */ TABLE ";

    private static final Pattern REPLACE =
            Pattern.compile("\\bREPLACE\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern REPLACING =
            Pattern.compile("(?<!\\bOR\\s)\\bREPLACE\\b(?!\\s*\\()", Pattern.CASE_INSENSITIVE);
    private static final Pattern TEMPORARY =
            Pattern.compile("CREATE (OR REPLACE )?TEMPORARY .*", Pattern.DOTALL);

    private static final String NAME = "(`(?:[^`]|``)+`|[\\w$\\x{80}-\\x{10ffff}]+)";
    private static final Pattern PROGRAM_NAME =
            Pattern.compile(
                    "\\b(VIEW|TRIGGER|PROCEDURE|FUNCTION|EVENT|PACKAGE(?:\\s+BODY)?)\\s+(IF\\s+NOT\\s+EXISTS\\s+)?(?:"
                            + NAME
                            + "\\s*\\.\\s*)?"
                            + NAME,
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern TRIGGER_TABLE =
            Pattern.compile(
                    "\\bON\\s+(?:" + NAME + "\\s*\\.\\s*)?" + NAME + "\\s+FOR\\s+EACH\\s+ROW\\b",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern COMMENT =
            Pattern.compile(
                    "/\\*M?!\\d*|/\\*.*?(?:\\*/|$)|\\*/|--\\s[^\\n]*|#[^\\n]*", Pattern.DOTALL);
    private static final Pattern EXECUTABLE = Pattern.compile("/\\*M?!");
    private static final Set<String> ROW_WORDS =
            Set.of("INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD", "TRUNCATE");
    private static final Pattern OTHERS =
            Pattern.compile("\\b(SELECT|LIKE)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern SESSION =
            Pattern.compile(
                    "connection_id|pseudo_thread_id|_locks?\\s*\\(", Pattern.CASE_INSENSITIVE);

    private Statements() {}

    static StatementMeaning of(String statement) {
        String text = words(statement);
        if (isConditional(statement) && !statement.startsWith(GENERATED_DROP)) {
            return PROGRAM.matcher(text).matches()
                    ? StatementMeaning.PROGRAM
                    : StatementMeaning.CHANGE;
        }
        if (text.equals("COMMIT")) {
            return StatementMeaning.COMMIT;
        }
        if (text.equals("ROLLBACK")) {
            return StatementMeaning.ROLLBACK;
        }
        if (text.startsWith("ROLLBACK TO")) {
            return StatementMeaning.ROLLBACK_TO;
        }
        if (text.startsWith("XA COMMIT ")) {
            return StatementMeaning.XA_COMMIT;
        }
        if (text.startsWith("XA ROLLBACK ")) {
            return StatementMeaning.XA_ROLLBACK;
        }
        if (text.startsWith("SAVEPOINT ") || text.startsWith("RELEASE SAVEPOINT ")) {
            return StatementMeaning.SAVEPOINT;
        }
        if (text.equals("BEGIN")
                || text.startsWith("XA START ")
                || text.startsWith("XA END ")
                || text.startsWith("FLUSH ")
                || text.startsWith("ANALYZE TABLE ")
                || text.startsWith("OPTIMIZE TABLE ")) {
            return StatementMeaning.HARMLESS;
        }
        return ofDefinition(text);
    }

    private static StatementMeaning ofDefinition(String text) {
        if (DROP_TEMPORARY.matcher(text).matches()) {
            return StatementMeaning.DROP_TEMPORARY;
        }
        if (text.startsWith("TRUNCATE ")) {
            return StatementMeaning.TRUNCATE;
        }
        if (PROGRAM.matcher(text).matches()) {
            return StatementMeaning.PROGRAM;
        }
        if (ACCOUNT.matcher(text).matches()) {
            return StatementMeaning.ACCOUNT;
        }
        return DATABASE.matcher(text).matches()
                ? StatementMeaning.DATABASE
                : StatementMeaning.CHANGE;
    }

    /// Whether it makes a table that only its session sees.
    static boolean isTemporary(String statement) {
        return TEMPORARY.matcher(words(statement)).matches();
    }

    /// Whether a statement on a database takes its tables away.
    static boolean isReplacing(String statement) {
        String text = words(statement);
        return text.startsWith("DROP ") || text.startsWith("CREATE OR REPLACE ");
    }

    /// The program that a statement makes or alters; empty if it drops one, or its name cannot be
    /// told for sure.
    static Optional<StoredProgram> program(SqlText sql) {
        String statement = sql.text();
        Matcher name = PROGRAM_NAME.matcher(statement);
        if (isDrop(statement) || !sql.isExact() || hasComment(statement) || !name.find()) {
            return Optional.empty();
        }
        String schema = name.group(3) == null ? sql.database() : unquoted(name.group(3));
        return Optional.of(
                new StoredProgram(
                        name.group(1).toUpperCase(Locale.ROOT).split("\\s", 2)[0],
                        schema,
                        unquoted(name.group(4)),
                        statement));
    }

    /// The table that a trigger is on; empty if that cannot be told.
    static Optional<TableName> triggerTable(StoredProgram trigger) {
        Matcher on = TRIGGER_TABLE.matcher(trigger.text());
        return on.find()
                ? Optional.of(
                        new TableName(
                                on.group(1) == null ? trigger.schema() : unquoted(on.group(1)),
                                unquoted(on.group(2))))
                : Optional.empty();
    }

    private static boolean hasComment(String statement) {
        return COMMENT.matcher(head(statement, WORDS_CHARACTERS)).find();
    }

    private static boolean isConditional(String statement) {
        return EXECUTABLE.matcher(head(statement, HEAD_CHARACTERS)).find();
    }

    private static String head(String text, int characters) {
        return text.substring(0, Math.min(text.length(), characters));
    }

    /// Whether it changes rows, and no definition that lasts.
    static boolean isOfRows(String statement) {
        return isTemporary(statement) || ROW_WORDS.contains(words(statement).split("[^A-Z]", 2)[0]);
    }

    /// Whether it drops tables, or makes one in the place of another from nothing else.
    static boolean isOnlyReplacing(String statement) {
        return isDrop(statement)
                || (words(statement).startsWith("CREATE OR REPLACE TABLE ")
                        && !OTHERS.matcher(statement).find());
    }

    /// Whether it asks for its session's number or locks.
    static boolean namesItsSession(String statement) {
        return SESSION.matcher(statement).find();
    }

    /// Whether it may be a REPLACE.
    static boolean isReplace(String statement) {
        return REPLACE.matcher(statement).find();
    }

    /// Whether a program may execute a REPLACE: the function of that name aside.
    static boolean holdsReplace(String program) {
        return REPLACING.matcher(program).find();
    }

    static boolean isDrop(String statement) {
        return words(statement).startsWith("DROP ");
    }

    private static String unquoted(String name) {
        return name.startsWith("`")
                ? name.substring(1, name.length() - 1).replace("``", "`")
                : name;
    }

    /// The beginning in upper case, without comments, one blank between words.
    private static String words(String statement) {
        String plain = COMMENT.matcher(head(statement, HEAD_CHARACTERS)).replaceAll(" ").strip();
        return head(plain, WORDS_CHARACTERS).replaceAll("\\s+", " ").toUpperCase(Locale.ROOT);
    }

    /// The statement's beginning, for a message: literals may hold secrets, so only so much of it
    /// as comes before the first quote.
    static String shown(String statement) {
        String line = statement.strip().replaceAll("\\s+", " ");
        int quote = -1;
        for (int i = 0; i < line.length() && quote < 0; i++) {
            if (line.charAt(i) == '\'' || line.charAt(i) == '"') {
                quote = i;
            }
        }
        int end = Math.min(quote < 0 ? line.length() : quote, 80);
        return end == line.length() ? line : line.substring(0, end) + "...";
    }
}
