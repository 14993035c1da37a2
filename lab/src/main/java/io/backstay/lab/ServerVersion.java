package io.backstay.lab;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A MariaDB version of three numbers, ordered by release series first: `10.11.5` before `11.4.5`.
public record ServerVersion(int major, int minor, int patch) implements Comparable<ServerVersion> {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(-.*)?");
    private static final Comparator<ServerVersion> ORDER =
            Comparator.comparingInt(ServerVersion::major)
                    .thenComparingInt(ServerVersion::minor)
                    .thenComparingInt(ServerVersion::patch);

    /// @param text as a server says it; what follows the third number behind a dash is left away
    public static ServerVersion parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot read a server version: expected three numbers such as 10.11.5, found '"
                            + text.strip()
                            + "'",
                    "Name the version in full.");
        }
        return new ServerVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }

    @Override
    public int compareTo(ServerVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
