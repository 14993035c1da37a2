package io.backstay.recovery.fold;

/// A statement of the log that no table's lane tells of: it makes a program, an account or a
/// database, or touches no table that is known.
///
/// @param database in use when it ran
public record OtherStatement(
        StatementMeaning meaning, String text, String database, LaneReason reason) {

    /// Whether it may concern that schema.
    public boolean mayConcern(String schema) {
        String wanted = Mentions.lower(schema);
        String lower = Mentions.lower(text);
        return wanted.equals(Mentions.lower(database))
                || lower.contains(wanted)
                || lower.contains(wanted.replace("`", "``"))
                || !(SqlText.isAscii(schema) || text.indexOf('\uFFFD') < 0);
    }
}
