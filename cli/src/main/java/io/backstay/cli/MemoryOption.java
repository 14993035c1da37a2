package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.restore.MemoryLimit;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/// The options `--memory` and `--scratch`.
@Command
final class MemoryOption {
    private static final long MIN_BYTES = 16L << 20;

    @Option(
            names = "--memory",
            paramLabel = "BYTES",
            converter = Converter.class,
            description =
                    "Memory for the log while it is folded, such as 512M (K, M, G: 1024 each), 16M or more; keys that do"
                            + " not fit go to files in --scratch. Default: half of what the process may have.")
    private @Nullable Long bytes;

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description =
                    "Folder on a disk for what does not fit, with about 30 bytes for each changed row. Default: /var/tmp.")
    private @Nullable Path scratch;

    MemoryLimit limit() {
        Path folder = scratch == null ? MemoryLimit.usualScratch() : scratch;
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--scratch: expected a folder that can be written to, found " + folder,
                    "make it, or name another one.");
        }
        return bytes == null
                ? new MemoryLimit(MemoryLimit.ofThisProcess().bytes(), folder, Long.MAX_VALUE)
                : new MemoryLimit(bytes, folder, bytes / 2);
    }

    /// `512M` on a command line.
    static final class Converter implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            long bytes = ByteSize.parse(text);
            if (bytes < MIN_BYTES) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "--memory: expected 16M to 1024G bytes, found '" + text + "'",
                        "write `--memory 512M`, or leave it out.");
            }
            return bytes;
        }
    }
}
