package io.backstay.recovery.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A cursor over a piece of a definition as SHOW CREATE prints it: words, quoted names and texts,
/// groups in parentheses.
///
/// A word is a run of characters that are none of blank, comma, parenthesis or quote.
final class SqlWords {
    private final String sql;
    private int at;

    SqlWords(String sql) {
        this.sql = sql;
    }

    boolean isAtEnd() {
        skipBlanks();
        return at >= sql.length();
    }

    /// Takes a word in any case; false, with nothing taken, if another stands here.
    boolean take(String word) {
        skipBlanks();
        int end = at + word.length();
        boolean isHere =
                sql.regionMatches(true, at, word, 0, word.length())
                        && (end == sql.length() || !isOfWord(sql.charAt(end)));
        at = isHere ? end : at;
        return isHere;
    }

    /// Takes what stands here, whatever it is: a word, a quoted text or a group.
    String next() {
        skipBlanks();
        int from = at;
        char c = sql.charAt(at);
        if (c == '(') {
            skipGroup();
        } else if (isQuote(c)) {
            skipQuoted();
        } else if (isOfWord(c)) {
            while (at < sql.length() && isOfWord(sql.charAt(at))) {
                at++;
            }
        } else {
            at++;
        }
        return sql.substring(from, at);
    }

    /// Takes a word, in lower case.
    String word() {
        return next().toLowerCase(Locale.ROOT);
    }

    /// Takes a group of parentheses right here; empty text if there is none.
    String group() {
        if (at < sql.length() && sql.charAt(at) == '(') {
            int from = at;
            skipGroup();
            return sql.substring(from, at);
        }
        return "";
    }

    /// Takes a quoted name.
    String name() {
        return unquoted(next());
    }

    /// Without its back quotes.
    static String unquoted(String name) {
        return name.startsWith("`")
                ? name.substring(1, name.length() - 1).replace("``", "`")
                : name;
    }

    /// The pieces between commas outside of quotes and groups, without blanks around them.
    static List<String> pieces(String list) {
        var pieces = new ArrayList<String>();
        var words = new SqlWords(list);
        int from = 0;
        while (!words.isAtEnd()) {
            int before = words.at;
            if (words.next().equals(",")) {
                pieces.add(list.substring(from, before).strip());
                from = words.at;
            }
        }
        pieces.add(list.substring(from).strip());
        return pieces;
    }

    /// What is between the parentheses of a group.
    static String inside(String group) {
        return group.substring(1, group.length() - 1);
    }

    private void skipGroup() {
        int depth = 0;
        do {
            char c = sql.charAt(at);
            if (isQuote(c)) {
                skipQuoted();
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            at++;
        } while (depth > 0 && at < sql.length());
    }

    private void skipQuoted() {
        char quote = sql.charAt(at++);
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c == '\\' && quote != '`') {
                at++;
            } else if (c == quote) {
                if (at < sql.length() && sql.charAt(at) == quote) {
                    at++;
                } else {
                    return;
                }
            }
        }
        at = Math.min(at, sql.length());
    }

    private void skipBlanks() {
        while (at < sql.length() && sql.charAt(at) <= ' ') {
            at++;
        }
    }

    private static boolean isQuote(char c) {
        return c == '`' || c == '\'' || c == '"';
    }

    private static boolean isOfWord(char c) {
        return c > ' ' && c != ',' && c != '(' && c != ')' && c != '=' && !isQuote(c);
    }
}
