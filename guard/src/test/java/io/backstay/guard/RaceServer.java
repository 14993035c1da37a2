package io.backstay.guard;

import io.backstay.doors.Disk;
import io.backstay.lab.ServerBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A real MariaDB that is started in a folder as it is, with nothing set up before: it makes its
/// files there in a fraction of a second.
final class RaceServer implements AutoCloseable {
    private final Path data;
    private final Path run;
    private @Nullable Process process;
    private @Nullable Object inode;

    RaceServer(Path data, Path run) {
        this.data = data;
        this.run = Disk.folder(run);
    }

    /// Returns when it holds its files, or has ended.
    void start() throws IOException {
        ServerBinaries binaries = ServerBinaries.require("10.11.5", ServerBinaries.home());
        Process started =
                new ProcessBuilder(
                                binaries.mariadbd().toString(),
                                "--no-defaults",
                                "--user=root",
                                "--datadir=" + data,
                                "--tmpdir=" + run,
                                "--socket=" + run.resolve("s"),
                                "--pid-file=" + run.resolve("pid"),
                                "--lc-messages-dir=" + binaries.share(),
                                "--skip-networking",
                                "--skip-grant-tables",
                                "--innodb-log-file-size=4M",
                                "--innodb-buffer-pool-size=8M",
                                "--innodb-data-file-path=ibdata1:4M:autoextend",
                                "--innodb-temp-data-file-path=ibtmp1:4M:autoextend",
                                "--innodb-undo-tablespaces=0")
                        .redirectErrorStream(true)
                        .redirectOutput(run.resolve("log").toFile())
                        .start();
        process = started;
        GuardLab.await("the server has its files", () -> !started.isAlive() || holdsItsFiles());
        if (!holdsItsFiles()) {
            throw new IOException("the server could not start there");
        }
    }

    void kill() {
        if (process != null) {
            RaceWindows.end(process);
        }
    }

    private boolean holdsItsFiles() {
        if (inode == null) {
            for (Path descriptor : descriptors()) {
                try {
                    if (Files.readSymbolicLink(descriptor).endsWith("ibdata1")) {
                        inode = Files.getAttribute(descriptor, "unix:ino");
                    }
                } catch (IOException e) {
                    // closed meanwhile
                }
            }
        }
        return inode != null;
    }

    private List<Path> descriptors() {
        if (process == null) {
            return List.of();
        }
        try (var all = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return all.toList();
        } catch (IOException e) {
            return List.of(); // it has ended
        }
    }

    /// What it held and holds no more, when all is over; it comes up first, if it lives.
    String harm() throws IOException {
        if (process == null || inode == null) {
            return "";
        }
        Process started = process;
        GuardLab.await(
                "the server is up or gone",
                () -> !started.isAlive() || Files.exists(run.resolve("s")));
        var lost = new ArrayList<String>();
        for (Path descriptor : descriptors()) {
            String name = nameOf(descriptor);
            if (name.endsWith(" (deleted)") && !name.startsWith(run.toString())) {
                lost.add(name);
            }
        }
        if (!lost.isEmpty()) {
            return "the server holds what is deleted: " + lost;
        }
        Path file = data.resolve("ibdata1");
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.getAttribute(file, "unix:ino").equals(inode)
                ? ""
                : "the server's file is gone";
    }

    private static String nameOf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    @Override
    public void close() {
        kill();
    }
}
