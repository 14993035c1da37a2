package io.backstay.recovery.intake;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the statements so far have set for those that follow: schema, character set, time zone,
/// sql_mode.
///
/// Empty text is a setting that no statement has made, or one that was put back to what the client
/// has, which a dump does not say.
final class DumpContext {
    private static final Pattern USE = Pattern.compile("(?i)USE\\s+`((?:[^`]|``)*)`");
    private static final Pattern SETTING =
            Pattern.compile(
                    "(?i)(?:SET\\s+|,\\s*)(?:SESSION\\s+|@@SESSION\\.)?"
                            + "(NAMES|TIME_ZONE|SQL_MODE|COLLATION_CONNECTION|CHARACTER_SET_CLIENT)"
                            + "\\s*=?\\s*('[^']*'|[\\w@]+)");

    private String schema;
    private String names = "";
    private String timeZone = "";
    private String sqlMode = "";
    private String collation = "";
    private String characterSetClient = "";

    /// @param schema that statements before any USE are about; empty text for none
    DumpContext(String schema) {
        this.schema = schema;
    }

    /// Takes in a statement, if it sets anything.
    void see(String statement) {
        Matcher use = USE.matcher(statement);
        if (use.lookingAt()) {
            schema = use.group(1).replace("``", "`");
            return;
        }
        if (!statement.regionMatches(true, 0, "SET ", 0, 4)) {
            return;
        }
        Matcher setting = SETTING.matcher(statement);
        while (setting.find()) {
            set(setting.group(1).toUpperCase(Locale.ROOT), value(setting.group(2)));
        }
    }

    private void set(String name, String value) {
        switch (name) {
            case "NAMES" -> names = value.toLowerCase(Locale.ROOT);
            case "TIME_ZONE" -> timeZone = value;
            case "SQL_MODE" -> sqlMode = value;
            case "COLLATION_CONNECTION" -> collation = value;
            case "CHARACTER_SET_CLIENT" -> characterSetClient = value;
            default -> throw new IllegalStateException(name);
        }
    }

    private static String value(String text) {
        if (text.startsWith("@")) {
            return "";
        }
        return text.startsWith("'") ? text.substring(1, text.length() - 1) : text;
    }

    Optional<String> schema() {
        return schema.isEmpty() ? Optional.empty() : Optional.of(schema);
    }

    /// Character set of the dump's text, lower case.
    String names() {
        return names;
    }

    boolean isInUtc() {
        return timeZone.equals("+00:00") || timeZone.equals("UTC");
    }

    @Nullable String timeZone() {
        return orNull(timeZone);
    }

    @Nullable String sqlMode() {
        return orNull(sqlMode);
    }

    @Nullable String collation() {
        return orNull(collation);
    }

    @Nullable String characterSetClient() {
        return orNull(characterSetClient);
    }

    private static @Nullable String orNull(String value) {
        return value.isEmpty() ? null : value;
    }
}
