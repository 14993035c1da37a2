package io.backstay.cli.faults;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// The lies of `guard selftest`: no server, nothing outside the test's own folder.
final class Lies {
    private Lies() {}

    static List<Lie> all() {
        return List.of(
                new Lie(
                        "empty folders (must be cleared)",
                        List.of(),
                        folder -> {
                            Files.createDirectories(folder.resolve("a/b"));
                            return Lie.NOTHING;
                        }),
                new Lie("a locked file of an engine", List.of("live lock"), Lies::locked),
                new Lie(
                        "a deleted file that a process has open",
                        List.of("live open-files"),
                        Lies::deleted),
                new Lie(
                        "a process that stands in it",
                        List.of("live open-files"),
                        folder -> waiting(new ProcessBuilder().directory(folder.toFile()), "x")),
                new Lie(
                        "a server's process before it has opened anything",
                        List.of("live processes"),
                        folder -> waiting(new ProcessBuilder(), "--datadir=" + folder)),
                new Lie("a socket without its file", List.of("live sockets"), Lies::socket),
                new Lie(
                        "a stopped server's files",
                        List.of("live data-at-rest"),
                        folder -> {
                            Files.writeString(folder.resolve("ibdata1"), "x");
                            return Lie.NOTHING;
                        }),
                new Lie(
                        "one file that nobody knows, deep below",
                        List.of("live data-at-rest"),
                        folder -> {
                            Path deep = Files.createDirectories(folder.resolve("a/b/c/d"));
                            Files.writeString(deep.resolve("x"), "");
                            return Lie.NOTHING;
                        }),
                new Lie(
                        "a link that leads out",
                        List.of("live data-at-rest"),
                        folder -> {
                            Files.createSymbolicLink(folder.resolve("out"), folder.getParent());
                            return Lie.NOTHING;
                        }),
                new Lie(
                        "the guard's own folder below it",
                        List.of("live target"),
                        folder -> {
                            Files.createDirectory(folder.resolve("state"));
                            return Lie.NOTHING;
                        }),
                new Lie(
                        "a folder that is not there",
                        List.of("blind target"),
                        folder -> {
                            Files.delete(folder);
                            return Lie.NOTHING;
                        }));
    }

    private static AutoCloseable locked(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        folder.resolve("undo_001"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE);
        channel.lock();
        return channel;
    }

    private static AutoCloseable deleted(Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("t.ibd"));
        AutoCloseable process = waiting(new ProcessBuilder().redirectError(file.toFile()), "x");
        Files.delete(file);
        return process;
    }

    private static AutoCloseable socket(Path folder) throws IOException {
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(folder.resolve("s")));
        Files.delete(folder.resolve("s"));
        return channel;
    }

    /// A process that does nothing; it ends with this one, as it waits for its end of a pipe.
    private static AutoCloseable waiting(ProcessBuilder builder, String argument)
            throws IOException {
        Process process =
                builder.command("sh", "-c", "echo; read _", "backstay-selftest", argument).start();
        if (process.getInputStream().read() != '\n') {
            throw new IOException("a process of the test did not start");
        }
        return () -> process.destroyForcibly().waitFor();
    }
}
