package io.backstay.recovery.physical;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The files of a data directory: listed, and copied with a digest over all of them.
public final class CopyFiles {
    private static final Pattern PACKED = Pattern.compile(".*\\.(qp|zst|lz4|gz|xbcrypt)");

    /// What belongs to a server that runs, not to its data.
    private static final Pattern PASSING =
            Pattern.compile(
                    "ibtmp\\d+|.*\\.(pid|sock|err)|ddl_recovery.*\\.log|tc\\.log|backstay-opened-by");

    private static final Pattern LOG =
            Pattern.compile(
                    "(?!aria_log).+\\.(\\d{6,}|index|state)|master\\.info|relay-log.*\\.info|multi-master\\.info");

    private CopyFiles() {}

    /// Errors: links, tables with a data directory elsewhere, files that are packed.
    static void requirePlain(Path folder) {
        for (Path file : all(folder)) {
            String name = String.valueOf(file.getFileName());
            if (Files.isSymbolicLink(file) || name.endsWith(".isl")) {
                throw PhysicalCopy.refused(
                        folder,
                        "has data outside of itself (%s)".formatted(folder.relativize(file)),
                        "take `backstay backup --server URL` of the running server.");
            }
            if (PACKED.matcher(name).matches()) {
                throw PhysicalCopy.refused(
                        folder,
                        "has files that are compressed or encrypted (%s)"
                                .formatted(folder.relativize(file)),
                        "unpack it first, as the tool that made it does.");
            }
        }
    }

    /// Copies what is data into a folder that is made. Errors: a file of it changed meanwhile.
    ///
    /// @param isWanted of the files, by their path in the folder
    /// @param progress told the bytes that were copied since it was told last
    /// @return SHA-256 over paths, lengths and bytes
    public static String copy(Path from, Path to, Predicate<Path> isWanted, LongConsumer progress) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[1 << 20];
            List<String> before = state(from);
            Disk.folder(to);
            for (Path file : all(from)) {
                Path path = from.relativize(file);
                Path target = to.resolve(path);
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Disk.folder(target);
                } else if (isWanted.test(path) && isData(path)) {
                    sha256.update(
                            (path + " " + Files.size(file) + "\n")
                                    .getBytes(StandardCharsets.UTF_8));
                    copy(file, target, sha256, block, progress);
                }
            }
            if (!state(from).equals(before)) {
                throw new Problem(
                        ErrorCode.REFUSED,
                        "--base %s was written to while it was copied".formatted(from),
                        "stop the server that uses it, and run the same command again.");
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Names, lengths and times of what is data.
    private static List<String> state(Path folder) throws IOException {
        var state = new ArrayList<String>();
        for (Path file : all(folder)) {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && isData(folder.relativize(file))) {
                state.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return state;
    }

    private static void copy(
            Path file, Path target, MessageDigest sha256, byte[] block, LongConsumer progress)
            throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
                OutputStream out = Files.newOutputStream(target)) {
            for (int count = in.read(block); count > 0; count = in.read(block)) {
                sha256.update(block, 0, count);
                out.write(block, 0, count);
                progress.accept(count);
            }
        } catch (IOException e) {
            throw Disk.named(target, e);
        }
    }

    private static boolean isData(Path path) {
        return !PASSING.matcher(String.valueOf(path.getFileName())).matches();
    }

    /// The files that are data and no log of the server, by their paths in the directory.
    static List<Path> data(Path directory) {
        return all(directory).stream()
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                .map(directory::relativize)
                .filter(CopyFiles::isData)
                .filter(path -> !isLog(path) && !String.valueOf(path.getFileName()).startsWith("."))
                .toList();
    }

    /// Binary and relay logs and what goes with them.
    private static boolean isLog(Path path) {
        return path.getNameCount() == 1 && LOG.matcher(path.toString()).matches();
    }

    /// Files and folders below, links not followed, in the order of their paths.
    private static List<Path> all(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> !file.equals(folder))
                    .filter(
                            file ->
                                    Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                                            || Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                                            || Files.isSymbolicLink(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
