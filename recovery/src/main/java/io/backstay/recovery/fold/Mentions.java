package io.backstay.recovery.fold;

import io.backstay.mysql.TableName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which names stand in a text, wherever: in comments and literals too, without case. What a
/// statement touches is named in it, so nothing is missed; a word too many does no harm.
///
/// - A name in front of which a dot stands counts only for the schema before the dot; where a
///   comment may stand between them, for every schema that is named anywhere.
/// - Letters are compared one by one without case, more coarsely than any server does.
/// - In a text whose bytes are not to be told ([SqlText]), every name that is not ASCII stands.
final class Mentions {
    private final Map<String, Set<TableName>> byWord = new HashMap<>();
    private final Set<TableName> odd = new HashSet<>();
    private final Set<TableName> notAscii = new HashSet<>();

    void add(TableName name) {
        if (!SqlText.isAscii(name.schema() + name.table())) {
            notAscii.add(name);
        }
        if (isWord(lower(name.table()))) {
            byWord.computeIfAbsent(lower(name.table()), _ -> new HashSet<>()).add(name);
        } else {
            odd.add(name);
        }
    }

    Set<TableName> in(SqlText sql) {
        String lower = lower(sql.text());
        String database = lower(sql.database());
        boolean hasComment =
                lower.contains("/*") || lower.contains("--") || lower.indexOf('#') >= 0;
        var found = new HashSet<TableName>();
        if (!sql.isExact()) {
            found.addAll(notAscii);
        }
        for (int at = 0; at < lower.length(); ) {
            if (!isWordPart(lower.charAt(at))) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < lower.length() && isWordPart(lower.charAt(end))) {
                end++;
            }
            for (TableName name : byWord.getOrDefault(lower.substring(at, end), Set.of())) {
                if (isOf(lower(name.schema()), lower, at, database, hasComment)) {
                    found.add(name);
                }
            }
            at = end;
        }
        for (TableName name : odd) {
            if (!found.contains(name) && containsOdd(lower, name, database, hasComment)) {
                found.add(name);
            }
        }
        return found;
    }

    private static boolean containsOdd(
            String lower, TableName name, String database, boolean hasComment) {
        for (String spelled : spellings(lower(name.table()))) {
            for (int at = lower.indexOf(spelled); at >= 0; at = lower.indexOf(spelled, at + 1)) {
                if (isOf(lower(name.schema()), lower, at, database, hasComment)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// As it is, and as it stands within quotes of either kind.
    static List<String> spellings(String name) {
        return List.of(name, name.replace("`", "``"), name.replace("\"", "\"\""));
    }

    /// Whether a name at this place may be of the schema: the dot before it says so, or there is
    /// none, or one with nothing before it, and the schema is the database in use.
    private static boolean isOf(
            String schema, String lower, int at, String database, boolean hasComment) {
        if (hasComment && spellings(schema).stream().anyMatch(lower::contains)) {
            return true;
        }
        int dot = back(lower, at - 1);
        if (dot < 0 || lower.charAt(dot) != '.') {
            return schema.equals(database);
        }
        boolean isBare = dot == 0 || Character.isWhitespace(lower.charAt(dot - 1));
        int end = back(lower, dot - 1) + 1;
        return (isBare && schema.equals(database))
                || spellings(schema).stream()
                        .anyMatch(spelled -> lower.startsWith(spelled, end - spelled.length()));
    }

    /// Over blanks and quotes.
    private static int back(String text, int from) {
        int at = from;
        while (at >= 0
                && (Character.isWhitespace(text.charAt(at))
                        || text.charAt(at) == '`'
                        || text.charAt(at) == '"')) {
            at--;
        }
        return at;
    }

    private static boolean isWord(String name) {
        return name.chars().allMatch(c -> isWordPart((char) c));
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    /// As long as the text: letter by letter, whatever stands beside it.
    static String lower(String text) {
        char[] letters = text.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            letters[i] = Character.toLowerCase(Character.toUpperCase(letters[i]));
        }
        return new String(letters);
    }
}
