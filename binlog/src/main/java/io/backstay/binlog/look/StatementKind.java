package io.backstay.binlog.look;

import java.util.Locale;
import java.util.Set;

/// What a statement in the log does, by its first words.
public enum StatementKind {
    /// Begins a transaction of several events.
    BEGIN,
    /// COMMIT.
    COMMIT,
    /// ROLLBACK of the whole.
    ROLLBACK,
    /// ROLLBACK TO a savepoint.
    ROLLBACK_TO,
    /// SAVEPOINT and the like: nothing changes.
    HARMLESS,
    /// The second half of an XA transaction.
    XA_COMMIT,
    /// The same, undone.
    XA_ROLLBACK,
    /// A change of rows, logged as its statement.
    CHANGE,
    /// Everything else: definitions, accounts.
    DEFINITION;

    private static final Set<String> CHANGES =
            Set.of(
                    "INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD", "CALL", "DO", "SELECT", "WITH",
                    "SET", "VALUES");
    private static final int SHOWN_CHARACTERS = 120;

    public static StatementKind of(String statement) {
        String text = withoutComments(statement);
        String start = text.substring(0, Math.min(60, text.length())).toUpperCase(Locale.ROOT);
        String[] words = start.strip().split("[\\s;(]+");
        String first = words.length > 0 ? words[0] : "";
        String second = words.length > 1 ? words[1] : "";
        return switch (first) {
            case "BEGIN", "START" -> BEGIN;
            case "COMMIT" -> COMMIT;
            case "ROLLBACK" -> second.equals("TO") ? ROLLBACK_TO : ROLLBACK;
            case "SAVEPOINT", "RELEASE" -> HARMLESS;
            case "XA" -> xa(second);
            default -> CHANGES.contains(first) ? CHANGE : DEFINITION;
        };
    }

    private static StatementKind xa(String second) {
        return switch (second) {
            case "START", "BEGIN" -> BEGIN;
            case "COMMIT" -> XA_COMMIT;
            case "ROLLBACK" -> XA_ROLLBACK;
            default -> HARMLESS;
        };
    }

    /// The first words on one line, for messages.
    public static String shown(String statement) {
        String line = statement.replaceAll("\\s+", " ").strip();
        return line.length() <= SHOWN_CHARACTERS
                ? line
                : line.substring(0, SHOWN_CHARACTERS - 3) + "...";
    }

    /// The text from its first word on.
    private static String withoutComments(String statement) {
        String text = statement.strip();
        while (true) {
            if (text.startsWith("/*") && !text.startsWith("/*!") && text.contains("*/")) {
                text = text.substring(text.indexOf("*/") + 2).strip();
            } else if ((text.startsWith("-- ") || text.startsWith("#")) && text.contains("\n")) {
                text = text.substring(text.indexOf('\n') + 1).strip();
            } else if (text.startsWith("(")) {
                text = text.substring(1).strip();
            } else {
                return text;
            }
        }
    }
}
