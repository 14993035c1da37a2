package io.backstay.lab;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.ProcessIdentity;
import io.backstay.doors.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// All servers that one run has started and not yet stopped, on disk, so that a later run finds
/// what a killed one left.
///
/// - A server is written down before it is started, without a pid; the pid follows at once. So none
///   is ever missing: one that was started in between is found by its program and data directory.
/// - A process is signalled only by exact identity: boot, pid and start time.
/// - One JVM at a time has it open.
///
/// Format: one JSON document, replaced atomically: `{"servers":[Entry...]}`. Safe for use by
/// several threads.
public final class RunFile implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final FileChannel lockChannel;
    private final List<Entry> entries;
    private final Set<String> starting = new HashSet<>();
    private boolean isEnding;

    /// One server.
    ///
    /// @param program path of the server's program
    /// @param pid 0 until it is known
    /// @param startTicks see [ProcessIdentity]
    public record Entry(String dataDir, String program, String bootId, long pid, long startTicks) {

        /// Empty for one that was about to be started, and was not found.
        public Optional<ProcessIdentity> identity() {
            return pid == 0
                    ? ProgramScan.find(Path.of(program), "--datadir=" + dataDir)
                    : Optional.of(new ProcessIdentity(bootId, pid, startTicks));
        }

        boolean isAlive() {
            return identity().filter(ProcessIdentity::isAlive).isPresent();
        }
    }

    private record Document(List<Entry> servers) {}

    private RunFile(Path file, FileChannel lockChannel, List<Entry> entries) {
        this.file = file;
        this.lockChannel = lockChannel;
        this.entries = entries;
    }

    /// Opens or creates it, for this JVM alone until closed or dead.
    public static RunFile open(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        Disk.folder(absolute.resolveSibling("."));
        FileChannel channel =
                lock(absolute.resolveSibling(absolute.getFileName() + ".lock"), absolute);
        try {
            return new RunFile(absolute, channel, read(absolute));
        } catch (RuntimeException e) {
            closeQuietly(channel, e);
            throw e;
        }
    }

    /// What runs now, of this run and of former ones.
    public synchronized List<Entry> live() {
        return entries.stream().filter(Entry::isAlive).toList();
    }

    /// Kills everything it knows, by exact identity, and forgets it. What is dead already, or whose
    /// pid now stands for another process, is left alone.
    ///
    /// @return what was killed
    public synchronized List<Entry> sweep() {
        List<Entry> killed = new ArrayList<>();
        for (Entry entry : List.copyOf(entries)) {
            Optional<ProcessIdentity> identity = entry.identity();
            if (identity.isPresent() && identity.get().signal(ProcessIdentity.Signal.KILL)) {
                if (!Await.until(
                        Duration.ofSeconds(30),
                        Duration.ofMillis(5),
                        () -> !identity.get().isAlive())) {
                    throw new Problem(
                            ErrorCode.ENVIRONMENT,
                            "server process %d of %s is still there 30 s after SIGKILL"
                                    .formatted(identity.get().pid(), entry.dataDir()),
                            "See what it waits for: cat /proc/%d/stack"
                                    .formatted(identity.get().pid()));
                }
                killed.add(entry);
            }
            entries.remove(entry);
        }
        write();
        return List.copyOf(killed);
    }

    /// As [#sweep], and no server is started in this JVM from now on: for its end, while other
    /// threads still work.
    public void sweepForGood() {
        synchronized (this) {
            isEnding = true;
        }
        // one whose process is being made now is known in a moment, or was not made
        Await.until(Duration.ofSeconds(5), Duration.ofMillis(5), this::isNoneStarting);
        sweep();
    }

    private synchronized boolean isNoneStarting() {
        return starting.isEmpty();
    }

    /// To be called before a server is started.
    synchronized void willStart(Path dataDir, Path program) {
        if (isEnding) {
            throw new IllegalStateException("no server is started any more: " + dataDir);
        }
        starting.add(dataDir.toString());
        entries.removeIf(entry -> entry.dataDir().equals(dataDir.toString()));
        entries.add(new Entry(dataDir.toString(), program.toString(), Time.bootId(), 0, 0));
        write();
    }

    synchronized void started(Path dataDir, Path program, ProcessIdentity identity) {
        starting.remove(dataDir.toString());
        entries.removeIf(entry -> entry.dataDir().equals(dataDir.toString()));
        entries.add(
                new Entry(
                        dataDir.toString(),
                        program.toString(),
                        identity.bootId(),
                        identity.pid(),
                        identity.startTicks()));
        write();
    }

    synchronized void ended(Path dataDir) {
        starting.remove(dataDir.toString());
        entries.removeIf(entry -> entry.dataDir().equals(dataDir.toString()));
        write();
    }

    /// The live process on a data directory, if this file knows one.
    public synchronized Optional<ProcessIdentity> find(Path dataDir) {
        return entries.stream()
                .filter(entry -> entry.dataDir().equals(dataDir.toString()))
                .flatMap(entry -> entry.identity().stream())
                .filter(ProcessIdentity::isAlive)
                .findFirst();
    }

    @Override
    public void close() {
        closeQuietly(lockChannel, null);
    }

    private void write() {
        Disk.writeAtomically(file, JSON.writeValueAsBytes(new Document(entries)));
    }

    private static List<Entry> read(Path file) {
        if (!Files.exists(file)) {
            return new ArrayList<>();
        }
        try {
            return new ArrayList<>(JSON.readValue(Disk.readText(file), Document.class).servers());
        } catch (JacksonException e) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "cannot read the run file " + file + ": " + e.getOriginalMessage(),
                    "Stop the servers that it lists by hand, then delete it.",
                    e);
        }
    }

    private static FileChannel lock(Path lockFile, Path file) {
        try {
            FileChannel channel =
                    FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException _) {
                lock = null;
            }
            if (lock == null) {
                channel.close();
                throw new Problem(
                        ErrorCode.ENVIRONMENT,
                        "cannot open the run file " + file + ": another run has it open",
                        "Wait until the other run has ended, or use another folder.");
            }
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void closeQuietly(FileChannel channel, @Nullable RuntimeException cause) {
        try {
            channel.close();
        } catch (IOException e) {
            if (cause == null) {
                throw new UncheckedIOException(e);
            }
            cause.addSuppressed(e);
        }
    }
}
