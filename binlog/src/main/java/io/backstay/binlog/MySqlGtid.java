package io.backstay.binlog;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/// MySQL's name of one transaction: `uuid:number`, or `uuid:tag:number` from 8.3 on.
///
/// @param source UUID of the server that committed it first
/// @param tag lower case; empty for an untagged one
/// @param number from 1 to 2^63 - 2
public record MySqlGtid(UUID source, String tag, long number) implements Gtid {
    private static final Pattern TAG = Pattern.compile("[a-z_][a-z0-9_]{0,31}");

    public MySqlGtid {
        requireTag(tag);
        if (number < 1 || number == Long.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "not a MySQL GTID: expected a number from 1 to 2^63 - 2, found " + number);
        }
    }

    /// @throws IllegalArgumentException if the text is neither `uuid:number` nor `uuid:tag:number`
    public static MySqlGtid parse(String text) {
        String[] parts = text.strip().split(":", -1);
        if (parts.length == 2 || parts.length == 3) {
            try {
                return new MySqlGtid(
                        requireUuid(parts[0]),
                        parts.length == 3 ? parts[1].toLowerCase(Locale.ROOT) : "",
                        Long.parseLong(parts[parts.length - 1]));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "not a MySQL GTID: expected a number at the end, found '" + text + "'", e);
            }
        }
        throw new IllegalArgumentException(
                "not a MySQL GTID: expected uuid:number or uuid:tag:number, found '" + text + "'");
    }

    static UUID requireUuid(String text) {
        if (text.length() == 36) {
            try {
                return UUID.fromString(text);
            } catch (IllegalArgumentException _) {
                // told below
            }
        }
        throw new IllegalArgumentException(
                "not a MySQL GTID: expected a UUID, found '" + text + "'");
    }

    static String requireTag(String tag) {
        if (!tag.isEmpty() && !TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException(
                    "not a MySQL GTID: expected a tag of 1 to 32 letters, digits and underscores,"
                            + " no digit first, found '"
                            + tag
                            + "'");
        }
        return tag;
    }

    /// The one with the number before; not of the first.
    public MySqlGtid before() {
        return new MySqlGtid(source, tag, number - 1);
    }

    @Override
    public String toString() {
        return source + (tag.isEmpty() ? ":" : ":" + tag + ":") + number;
    }
}
