package io.backstay.recovery.physical;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ServerVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The data directory of a server that was stopped, or a plain copy of it.
///
/// Which server that was is told by `mariadb_upgrade_info` (or `mysql_upgrade_info`) and by the
/// table definitions of the schema `mysql`: a `.frm` file has at byte 51, in 4 bytes,
/// little-endian, the version that wrote it (101105 is 10.11.5). The newest counts.
final class ColdCopy {
    private static final short TABLE_MAGIC = 0x01fe;
    private static final int VERSION_OFFSET = 51;

    private ColdCopy() {}

    static PhysicalCopy look(Path folder) {
        if (Files.exists(folder.resolve("mysql.ibd"))) {
            throw PhysicalCopy.refused(
                    folder,
                    "is the data directory of a MySQL 8 or later, not of MariaDB (mysql.ibd)",
                    "start that server on a copy of it and take `backstay backup` of that.");
        }
        if (Files.exists(folder.resolve("ibdata2"))) {
            throw PhysicalCopy.refused(
                    folder,
                    "has more than one system tablespace (ibdata2)",
                    "take it by mariadb-backup, which writes down how they are laid out.");
        }
        return new PhysicalCopy(
                folder,
                "",
                true,
                version(folder),
                Optional.empty(),
                Optional.empty(),
                options(folder));
    }

    /// A server that runs on it holds a lock on its system tablespace.
    static void requireUnused(Path folder) {
        Path file = folder.resolve("ibdata1");
        if (!Files.exists(file)) {
            return; // what is not there is told by the one who needs it
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            if (lock == null) {
                throw new Problem(
                        ErrorCode.REFUSED,
                        "%s is in use: a server holds %s".formatted(folder, file),
                        "stop that server cleanly, or use `backstay backup --server URL`. Nothing was changed.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(Disk.named(file, e));
        }
    }

    /// What a server needs to find the files of this directory.
    static List<String> options(Path folder) {
        var options = new ArrayList<String>();
        // its own size stays; this is the least that a server asks for
        options.add("--innodb-data-file-path=ibdata1:4M:autoextend");
        long undo = 0;
        while (Files.exists(folder.resolve("undo%03d".formatted(undo + 1)))) {
            undo++;
        }
        options.add("--innodb-undo-tablespaces=" + undo);
        try {
            options.add("--innodb-log-file-size=" + Files.size(folder.resolve("ib_logfile0")));
        } catch (IOException e) {
            throw new UncheckedIOException(Disk.named(folder.resolve("ib_logfile0"), e));
        }
        return options;
    }

    private static ServerVersion version(Path folder) {
        var found = new ArrayList<ServerVersion>();
        for (String name : List.of("mariadb_upgrade_info", "mysql_upgrade_info")) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                found.add(ServerVersion.parse(Disk.readText(file).replace("\0", "").strip()));
            }
        }
        try (var files = Files.list(folder.resolve("mysql"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".frm")).toList()) {
                definedBy(file).ifPresent(found::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(Disk.named(folder.resolve("mysql"), e));
        }
        return found.stream()
                .max(
                        Comparator.comparingInt(ServerVersion::major)
                                .thenComparingInt(ServerVersion::minor)
                                .thenComparingInt(ServerVersion::patch))
                .orElseThrow(
                        () ->
                                PhysicalCopy.refused(
                                        folder,
                                        "does not say of which server it is: no definitions in its schema mysql",
                                        "give the whole data directory of a stopped server."));
    }

    /// Empty for a view, whose definition is a text.
    private static Optional<ServerVersion> definedBy(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer head =
                    ByteBuffer.allocate(VERSION_OFFSET + 4).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(head, 0);
            if (head.hasRemaining() || head.getShort(0) != TABLE_MAGIC) {
                return Optional.empty();
            }
            int number = head.getInt(VERSION_OFFSET);
            return Optional.of(
                    ServerVersion.parse(
                            "%d.%d.%d-MariaDB"
                                    .formatted(number / 10_000, number / 100 % 100, number % 100)));
        }
    }
}
