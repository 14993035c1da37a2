package io.backstay.recovery.fold;

import io.backstay.binlog.QueryEvent;

/// A statement's text and the database that names without one belong to.
///
/// @param isExact whether every name in it is spelled as the server read it; not so where a session
///   wrote other characters than ASCII in another character set than UTF-8
record SqlText(String text, String database, boolean isExact) {
    private static final int UTF8MB3 = 33;
    private static final int UTF8MB4 = 45;

    /// Of a base, where all text is UTF-8.
    static SqlText of(StoredProgram program) {
        return new SqlText(program.text(), program.schema(), true);
    }

    static SqlText of(QueryEvent query) {
        String client = query.context().variables().getOrDefault("character_set_client", "0");
        boolean isUtf8 =
                client.equals(Integer.toString(UTF8MB3))
                        || client.equals(Integer.toString(UTF8MB4));
        return new SqlText(
                query.statement(), query.database(), isUtf8 || isAscii(query.statement()));
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
