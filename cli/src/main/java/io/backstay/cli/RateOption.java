package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.Rate;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/// The option `--rate`.
@Command
final class RateOption {
    /// A source gives up a reader that takes nothing for an hour, and one event of a log may have a
    /// gigabyte: at this rate it is through in time.
    private static final long MIN_BYTES = 512 << 10;

    private static final long MAX_BYTES = 1L << 40;

    @Option(
            names = "--rate",
            paramLabel = "BYTES",
            converter = Converter.class,
            description =
                    "Most bytes a second to read from the server, such as 20M (K, M, G: 1024 each). Default: no limit.")
    Rate rate = Rate.unlimited();

    /// `20M` on a command line.
    static final class Converter implements ITypeConverter<Rate> {
        private static final Pattern SIZE = Pattern.compile("([0-9]{1,13})([KMG]?)");

        @Override
        public Rate convert(String text) {
            Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
            if (size.matches()) {
                long number = Long.parseLong(size.group(1));
                int shift = shift(size.group(2));
                if (number <= MAX_BYTES >> shift && number << shift >= MIN_BYTES) {
                    return new Rate(number << shift);
                }
            }
            throw new Problem(
                    ErrorCode.USAGE,
                    "--rate: expected 512K to 1024G bytes a second, found '" + text + "'",
                    "write `--rate 20M`, or leave it out for no limit.");
        }

        private static int shift(String unit) {
            return switch (unit) {
                case "K" -> 10;
                case "M" -> 20;
                case "G" -> 30;
                default -> 0;
            };
        }
    }
}
