package io.backstay.cli;

import io.backstay.binlog.EncryptionKeys;
import io.backstay.binlog.look.LogWalk;
import io.backstay.binlog.value.ValueCodec;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The files of a verb that looks into logs, and what it takes to read them.
final class BinlogFilesOption {
    private static final HexFormat HEX = HexFormat.of();

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Binary log files of MySQL 5.6 to 9.7 or MariaDB 10.11 to 11.8, in their order.")
    List<Path> files = List.of();

    @Option(
            names = "--encryption-key",
            paramLabel = "FILE",
            description =
                    "Keys of encrypted logs: the server's file_key_management_filename, or its keyring"
                            + " file (component_keyring_file).")
    private @Nullable Path keyFile;

    @Option(
            names = "--charset",
            paramLabel = "NAME",
            description =
                    "Read text as this where the log does not tell its character set: UTF-8. Default:"
                            + " only printable ASCII is shown as text, all else as hexadecimal digits.")
    private @Nullable String charset;

    /// @throws Problem if a file is not there, or no binary log
    LogWalk walk() {
        files.forEach(BinlogFilesOption::requireLog);
        return new LogWalk(
                files, keyFile == null ? EncryptionKeys.NONE : EncryptionKeys.read(keyFile));
    }

    ValueCodec codec() {
        if (charset == null) {
            return ValueCodec.EXACT;
        }
        try {
            return new ValueCodec(Optional.of(Charset.forName(charset)));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--charset: expected a character set of this Java, found '%s'"
                            .formatted(charset),
                    "`--charset UTF-8` is right for utf8mb4, `--charset windows-1252` for latin1.",
                    e);
        }
    }

    private static void requireLog(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "%s: expected a binary log file, found %s"
                            .formatted(file, Files.exists(file) ? "something else" : "nothing"),
                    "name the files one by one: `backstay binlog stats DIR/binlog.0*`.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(4);
            String hex = HEX.formatHex(magic);
            if (!hex.equals("fe62696e") && !hex.equals("fd62696e")) {
                throw new Problem(
                        ErrorCode.BAD_FILE,
                        "%s is no binary log: expected fe62696e in its first four bytes, found %s"
                                .formatted(file, hex.isEmpty() ? "none" : hex),
                        "give a file as the server wrote it, named in its binary log index.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
