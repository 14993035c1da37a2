package io.backstay.recovery.physical;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerVersion;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.CopyDocument;
import io.backstay.recovery.archive.CopyDocument.CopiedFile;
import io.backstay.recovery.archive.CopyEntry;
import io.backstay.recovery.archive.CopyPieces;
import io.backstay.recovery.archive.KeptCopies;
import io.backstay.recovery.archive.PartEntry;
import io.backstay.recovery.rows.Rows;
import io.backstay.recovery.rows.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/// The data directory of a base on its way into an archive and out of it, several pieces at once.
public final class KeptFiles {
    private KeptFiles() {}

    /// Makes a server on a base's rows into files of that base: its place in the log is written
    /// into `gtid_slave_pos`, events are off, the account of this run is gone; then it is stopped.
    ///
    /// @param running serves the directory; stopped when this returns
    /// @param version of that server
    public static CopyEntry keep(
            Archive archive,
            BaseEntry base,
            CopyServers.Running running,
            Path directory,
            ServerVersion version,
            int threads) {
        try (Server control = Server.connect(running.address())) {
            disableEvents(control);
            control.execute("SET GLOBAL gtid_slave_pos = " + Identifier.text(base.gtid()));
            dropOwnAccount(control);
        }
        running.stop();
        return store(archive, base, directory, version, threads);
    }

    private static void disableEvents(Server control) {
        for (var row :
                Rows.of(
                        control,
                        "SELECT EVENT_SCHEMA, EVENT_NAME FROM information_schema.EVENTS WHERE STATUS = 'ENABLED'")) {
            var name = new TableName(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
            control.execute("ALTER EVENT " + Identifier.quote(name) + " DISABLE");
        }
    }

    /// The account that this session logged in as; nothing is to be done in it afterwards.
    public static void dropOwnAccount(Server control) {
        String own = control.requireValue("SELECT CURRENT_USER()");
        int at = own.lastIndexOf('@');
        control.execute("SET SESSION sql_log_bin = 0");
        control.execute(
                "DROP USER "
                        + Identifier.quote(own.substring(0, at))
                        + "@"
                        + Identifier.quote(own.substring(at + 1)));
    }

    private static CopyEntry store(
            Archive archive, BaseEntry base, Path directory, ServerVersion version, int threads) {
        List<Path> paths = CopyFiles.data(directory);
        var queue = new ConcurrentLinkedQueue<Runnable>();
        var pieces = new ArrayList<PartEntry[]>();
        var lengths = new ArrayList<Long>();
        int number = 0;
        for (Path path : paths) {
            Path file = directory.resolve(path);
            long length = length(file);
            var parts = new PartEntry[CopyPieces.count(length)];
            pieces.add(parts);
            lengths.add(length);
            for (int i = 0; i < parts.length; i++) {
                int index = i;
                String part = KeptCopies.piecePrefix(base.id()) + "%06d.zst".formatted(number++);
                queue.add(
                        () -> {
                            try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
                                parts[index] =
                                        CopyPieces.write(archive, part, channel, index, length);
                            } catch (IOException e) {
                                throw new UncheckedIOException(Disk.named(file, e));
                            }
                        });
            }
        }
        Workers.run("keep files", threads, queue);
        var files = new ArrayList<CopiedFile>();
        for (int i = 0; i < paths.size(); i++) {
            files.add(
                    new CopiedFile(
                            paths.get(i).toString(), lengths.get(i), List.of(pieces.get(i))));
        }
        return archive.copies()
                .add(
                        new CopyDocument(
                                CopyDocument.FORMAT_VERSION,
                                base.id(),
                                version.toString(),
                                base.gtid(),
                                ColdCopy.options(directory),
                                files));
    }

    /// Writes the files into a folder; durable when this returns.
    public static void fetch(Archive archive, CopyDocument copy, Path folder, int threads) {
        var channels = new ArrayList<FileChannel>();
        try {
            Queue<Runnable> fetching = new ConcurrentLinkedQueue<>();
            Queue<Runnable> syncing = new ConcurrentLinkedQueue<>();
            for (CopiedFile file : copy.files()) {
                Path path = folder.resolve(file.path());
                Disk.folder(path.resolveSibling("."));
                FileChannel channel = Disk.createForWriting(path);
                channels.add(channel);
                for (int i = 0; i < file.pieces().size(); i++) {
                    int index = i;
                    fetching.add(
                            () ->
                                    CopyPieces.fetch(
                                            archive,
                                            file.pieces().get(index),
                                            path,
                                            channel,
                                            index,
                                            file.lengthBytes()));
                }
                syncing.add(() -> sync(path, channel));
            }
            Workers.run("fetch files", threads, fetching);
            Workers.run("sync files", threads, syncing);
            syncFolders(folder);
        } finally {
            channels.forEach(KeptFiles::close);
        }
    }

    private static void sync(Path path, FileChannel channel) {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(Disk.named(path, e));
        }
    }

    private static void syncFolders(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(Files::isDirectory).toList()) {
                Disk.syncFolder(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot read " + file + ": " + e.getMessage(),
                    "look who else uses that folder.",
                    e);
        }
    }
}
