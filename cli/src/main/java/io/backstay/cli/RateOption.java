package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.Rate;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/// The option `--rate`.
@Command
final class RateOption {
    /// A source gives up a reader that takes nothing for an hour, and one event of a log may have a
    /// gigabyte: at this rate it is through in time.
    private static final long MIN_BYTES = 512 << 10;

    @Option(
            names = "--rate",
            paramLabel = "BYTES",
            converter = Converter.class,
            description =
                    "Most bytes a second to read from the server, such as 20M (K, M, G: 1024 each). Default: no limit.")
    Rate rate = Rate.unlimited();

    /// `20M` on a command line.
    static final class Converter implements ITypeConverter<Rate> {
        @Override
        public Rate convert(String text) {
            long bytes = ByteSize.parse(text);
            if (bytes >= MIN_BYTES) {
                return new Rate(bytes);
            }
            throw new Problem(
                    ErrorCode.USAGE,
                    "--rate: expected 512K to 1024G bytes a second, found '" + text + "'",
                    "write `--rate 20M`, or leave it out for no limit.");
        }
    }
}
