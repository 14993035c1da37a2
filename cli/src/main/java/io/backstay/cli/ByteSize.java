package io.backstay.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Bytes as `20M` on a command line.
final class ByteSize {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,13})([KMG]?)");
    private static final long MAX_BYTES = 1L << 40;

    private ByteSize() {}

    /// @return bytes; -1 if it is no size, or more than 1024G
    static long parse(String text) {
        Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
        if (!size.matches()) {
            return -1;
        }
        int shift =
                switch (size.group(2)) {
                    case "K" -> 10;
                    case "M" -> 20;
                    case "G" -> 30;
                    default -> 0;
                };
        long number = Long.parseLong(size.group(1));
        return number <= MAX_BYTES >> shift ? number << shift : -1;
    }
}
