package io.backstay.recovery.intake;

import com.github.luben.zstd.ZstdInputStream;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.physical.PhysicalCopy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// A backup that somebody else made, on disk.
sealed interface BaseInput {

    /// One file of statements.
    record TextDump(Path file) implements BaseInput {
        @Override
        public List<Path> files() {
            return List.of(file);
        }
    }

    /// A folder of files of statements, named by schema and table.
    record MydumperFolder(Path folder) implements BaseInput {
        @Override
        public List<Path> files() {
            try (var all = Files.list(folder)) {
                return all.filter(Files::isRegularFile).sorted().toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// A copy of a data directory.
    record PhysicalFolder(Path folder) implements BaseInput {
        @Override
        public List<Path> files() {
            try (var all = Files.walk(folder)) {
                return all.filter(Files::isRegularFile).sorted().toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    List<Path> files();

    /// Errors: nothing there, a form that is not known.
    static BaseInput of(Path path) {
        if (Files.isRegularFile(path)) {
            refuseStream(path);
            return new TextDump(path);
        }
        if (!Files.isDirectory(path)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--base " + path + ": expected a dump or a folder, found nothing",
                    "give a dump of mariadb-dump or mysqldump, or a folder of mydumper or mariadb-backup.");
        }
        if (PhysicalCopy.is(path)) {
            return new PhysicalFolder(path);
        }
        if (Files.isRegularFile(path.resolve("metadata"))) {
            return new MydumperFolder(path);
        }
        throw new Problem(
                ErrorCode.USAGE,
                "--base "
                        + path
                        + ": expected a folder of mydumper or mariadb-backup, found neither `metadata` nor"
                        + " `ibdata1` in it",
                "give a dump of mariadb-dump or mysqldump, a folder of mydumper, or a copy of a data directory.");
    }

    /// A physical backup in one file begins with these bytes: xbstream, mbstream.
    private static void refuseStream(Path file) {
        try (InputStream in = open(file)) {
            String head = new String(in.readNBytes(8), StandardCharsets.ISO_8859_1);
            if (head.equals("XBSTCK01")) {
                throw new Problem(
                        ErrorCode.UNSUPPORTED,
                        "--base " + file + " is a physical backup in a stream",
                        "unpack it into an empty folder (`mbstream -x -C DIR < FILE`) and give that folder.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// SHA-256 over names and bytes of all files.
    default String digest() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[1 << 20];
            for (Path file : files()) {
                sha256.update(
                        (file.getFileName() + " " + Files.size(file) + "\n")
                                .getBytes(StandardCharsets.UTF_8));
                try (InputStream in = Files.newInputStream(file)) {
                    for (int count = in.read(block); count > 0; count = in.read(block)) {
                        sha256.update(block, 0, count);
                    }
                }
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// When its last file was written.
    default Instant modified() {
        return files().stream()
                .map(
                        file -> {
                            try {
                                return Files.getLastModifiedTime(file).toInstant();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /// A file's bytes, uncompressed by its name's end.
    static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        String name = file.getFileName().toString();
        if (name.endsWith(".gz")) {
            return new GZIPInputStream(in, 1 << 16);
        }
        return name.endsWith(".zst") ? new ZstdInputStream(in) : in;
    }
}
