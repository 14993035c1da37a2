package io.backstay.recovery.fold;

import java.util.Locale;

/// What a statement in the log means for a fold.
final class Statements {
    private Statements() {}

    enum Meaning {
        COMMIT,
        ROLLBACK,
        /// Takes back a part of the transaction.
        ROLLBACK_TO,
        /// Changes no row and no table that lasts.
        HARMLESS,
        /// Anything else: a definition, an account, or rows in statement format.
        CHANGE
    }

    /// By its first words; a statement that hides them behind a comment is a change.
    static Meaning of(String statement) {
        String text = statement.strip().toUpperCase(Locale.ROOT);
        if (text.equals("COMMIT")) {
            return Meaning.COMMIT;
        }
        if (text.equals("ROLLBACK")) {
            return Meaning.ROLLBACK;
        }
        if (text.startsWith("ROLLBACK TO")) {
            return Meaning.ROLLBACK_TO;
        }
        boolean isHarmless =
                text.equals("BEGIN")
                        || text.startsWith("SAVEPOINT ")
                        || text.startsWith("RELEASE SAVEPOINT ")
                        || text.startsWith("FLUSH ")
                        || text.startsWith("ANALYZE TABLE ")
                        || text.startsWith("DROP TEMPORARY TABLE ")
                        || text.startsWith("DROP /*!40005 TEMPORARY */ TABLE ");
        return isHarmless ? Meaning.HARMLESS : Meaning.CHANGE;
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
