package io.backstay.mysql;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `SELECT VERSION()` says, taken apart.
///
/// @param text as the server said it
public record ServerVersion(Flavour flavour, int major, int minor, int patch, String text) {
    private static final Pattern NUMBERS =
            Pattern.compile("(?:5\\.5\\.5-)?(\\d+)\\.(\\d+)\\.(\\d+).*");
    private static final Comparator<ServerVersion> BY_NUMBERS =
            Comparator.comparingInt(ServerVersion::major)
                    .thenComparingInt(ServerVersion::minor)
                    .thenComparingInt(ServerVersion::patch);

    public static ServerVersion parse(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.matches()) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "a server's version is not major.minor.patch: " + text,
                    "connect to a MariaDB or MySQL server itself, not through a proxy.");
        }
        return new ServerVersion(
                text.contains("MariaDB") ? Flavour.MARIADB : Flavour.MYSQL,
                Integer.parseInt(numbers.group(1)),
                Integer.parseInt(numbers.group(2)),
                Integer.parseInt(numbers.group(3)),
                text);
    }

    /// Older release series of the same flavour; never true across flavours.
    public boolean isOlderThan(ServerVersion other) {
        return flavour == other.flavour && BY_NUMBERS.compare(this, other) < 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
