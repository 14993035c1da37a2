package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// All processes of this machine at one moment, with their mounts and all listening sockets, as far
/// as `/proc` shows them.
///
/// @param mounts by mount namespace
/// @param unread processes that could not be fully read, a sentence each
/// @param excused what was not seen of the machine's first process, if that is the one exception
record ProcessTable(
        List<ProcessFacts> processes,
        Map<String, List<Mount>> mounts,
        Map<Integer, Mount> mountsById,
        List<Mount> ownMounts,
        List<Listener> listeners,
        String ownNetwork,
        List<String> unread,
        Optional<String> excused) {
    private static final Path PROC = Path.of("/proc");

    /// All waiting for processes on their way out, of one look. Its last files are closed behind
    /// everything else, which takes a busy disk seconds.
    private static final Duration EXIT_DEADLINE = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(2);

    /// Inode of the first PID namespace of a kernel. Source: Linux `PROC_PID_INIT_INO`.
    private static final String FIRST_PID_NAMESPACE = "pid:[4026531836]";

    /// What a mount could hide that is looked at here. Others lie on folders below `/proc/sys`,
    /// `/proc/fs`.
    private static final Pattern COVERED =
            Pattern.compile("/proc/(\\d+|self|thread-self|net|swaps|mounts)(/.*)?");

    static ProcessTable read() throws CannotLookException {
        requireAllProcessesShown();
        try {
            long exitsUntil = System.nanoTime() + EXIT_DEADLINE.toNanos();
            List<ProcessFacts> processes = readAll(exitsUntil);
            SeenNamespaces seen = SeenNamespaces.of(processes);
            while (seen.isLost(processes) && System.nanoTime() < exitsUntil) {
                processes = readAll(exitsUntil);
                seen = SeenNamespaces.of(processes);
            }
            List<String> unread = unlooked(processes, seen, exitsUntil);
            if (!isFirstPidNamespace()) {
                unread.add("whatever runs outside of this PID namespace (a container's)");
            }
            Optional<String> excused = Optional.empty();
            for (ProcessFacts process : processes) {
                if (!process.unreadable().isEmpty()) {
                    String sentence =
                            process.label() + " " + String.join(", ", process.unreadable());
                    if (isExcused(process)) {
                        excused = Optional.of(sentence);
                    } else {
                        unread.add(sentence);
                    }
                }
            }
            return new ProcessTable(
                    List.copyOf(processes),
                    seen.mounts(),
                    byId(seen.mounts().values()),
                    Mount.own(),
                    seen.listeners(),
                    Files.readSymbolicLink(PROC.resolve("self/ns/net")).toString(),
                    List.copyOf(unread),
                    excused);
        } catch (IOException e) {
            throw new CannotLookException("/proc cannot be read: " + e.getMessage(), "run as root");
        }
    }

    /// An id is given again only after its mount is gone.
    private static Map<Integer, Mount> byId(Collection<List<Mount>> tables) {
        var byId = new HashMap<Integer, Mount>();
        tables.forEach(table -> table.forEach(mount -> byId.put(mount.id(), mount)));
        return Map.copyOf(byId);
    }

    /// Processes that are still there, and in whose namespaces nobody has looked.
    static List<String> unlooked(
            List<ProcessFacts> processes, SeenNamespaces seen, long exitsUntil) {
        var unlooked = new ArrayList<String>();
        for (ProcessFacts process : processes) {
            boolean isException = !process.unreadable().isEmpty() && isExcused(process);
            if (!seen.isLookedAt(process)
                    && !isException
                    && !readWhole(process.pid(), exitsUntil).isEmpty()) {
                unlooked.add(process.label() + " its mounts or sockets: not readable");
            }
        }
        return unlooked;
    }

    /// The one exception, named in every proof: the first process of the machine itself, where the
    /// kernel lets nobody read it because it has more rights than root has here. It must look like
    /// no database, and the files that exist are asked for by lease, which no process can hide
    /// from.
    private static boolean isExcused(ProcessFacts process) {
        return process.pid() == 1
                && isFirstPidNamespace()
                && process.unreadable().stream().allMatch(why -> why.endsWith("permission denied"))
                && process.args().stream()
                        .noneMatch(
                                arg -> DataDirectory.isServerWord(arg) || arg.contains("datadir"));
    }

    private static boolean isFirstPidNamespace() {
        try {
            return Files.readSymbolicLink(PROC.resolve("self/ns/pid"))
                    .toString()
                    .equals(FIRST_PID_NAMESPACE);
        } catch (IOException e) {
            return false;
        }
    }

    private static void requireAllProcessesShown() throws CannotLookException {
        List<Mount> own = Mount.own();
        Mount.requireType(own, PROC.toString(), "proc");
        requireNothingOver(own);
        if (!Files.isReadable(PROC.resolve("1/stat"))) {
            throw new CannotLookException(
                    "/proc hides other users' processes (hidepid)", "run as root");
        }
    }

    /// A mount on a process's folder, or on a table of the kernel's, shows what somebody put there.
    static void requireNothingOver(List<Mount> own) throws CannotLookException {
        for (Mount mount : own) {
            if (COVERED.matcher(mount.point()).matches()) {
                throw new CannotLookException(
                        mount.point() + " is covered by a mount: what lies beneath is not seen",
                        "unmount it, or run outside of a container");
            }
        }
    }

    private static List<ProcessFacts> readAll(long exitsUntil) throws IOException {
        var processes = new ArrayList<ProcessFacts>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                int pid = Integer.parseInt(String.valueOf(entry.getFileName()));
                processes.addAll(readWhole(pid, exitsUntil));
            }
        }
        return processes;
    }

    /// A process on its way out is read again until it is gone.
    private static List<ProcessFacts> readWhole(int pid, long exitsUntil) {
        List<ProcessFacts> process = ProcessReader.read(PROC, pid);
        while (isOnItsWayOut(process) && System.nanoTime() < exitsUntil) {
            LockSupport.parkNanos(POLL.toNanos());
            process = ProcessReader.read(PROC, pid);
        }
        return process;
    }

    /// Parts of it are gone already. It is waited for, as its files may be held by a thread of it
    /// that still lives.
    private static boolean isOnItsWayOut(List<ProcessFacts> process) {
        return process.stream()
                .flatMap(facts -> facts.unreadable().stream())
                .anyMatch(why -> !why.endsWith("permission denied"));
    }

    MountNames mountsOf(ProcessFacts process) {
        return new MountNames(mounts.getOrDefault(process.mountNamespace(), List.of()), mountsById);
    }

    /// The names of this process.
    MountNames ownNames() {
        return new MountNames(ownMounts, mountsById);
    }

    /// A folder of a mount namespace, through one of its processes.
    Path seen(String mountNamespace, String point) throws CannotLookException {
        return processes.stream()
                .filter(process -> process.mountNamespace().equals(mountNamespace))
                .findFirst()
                .map(process -> Path.of("/proc/%d/root%s".formatted(process.pid(), point)))
                .orElseThrow(() -> new CannotLookException(point + " is not seen", "run as root"));
    }

    /// Processes that have this socket.
    List<ProcessFacts> ownersOf(long socket) {
        return processes.stream().filter(process -> process.sockets().contains(socket)).toList();
    }

    /// Sockets of all processes as they are now, for those that began to exist after the table was
    /// read.
    static Set<Long> socketsNow() throws CannotLookException {
        try {
            var all = new HashSet<Long>();
            readAll(System.nanoTime() + EXIT_DEADLINE.toNanos())
                    .forEach(process -> all.addAll(process.sockets()));
            return all;
        } catch (IOException e) {
            throw new CannotLookException("/proc cannot be read: " + e.getMessage(), "run as root");
        }
    }

    /// Whether a listener is still there.
    boolean isStillThere(Listener listener) {
        return processes.stream()
                .filter(process -> process.networkNamespace().equals(listener.namespace()))
                .filter(
                        process ->
                                Files.exists(
                                        PROC.resolve("" + process.pid()),
                                        LinkOption.NOFOLLOW_LINKS))
                .findFirst()
                .map(process -> SeenNamespaces.listeners(listener.namespace(), process.pid()))
                // that it cannot be looked at any more is no word that it is gone
                .map(
                        now ->
                                now.isEmpty()
                                        || now.get().stream()
                                                .anyMatch(l -> l.inode() == listener.inode()))
                .orElse(false);
    }

    void requireAllRead() throws CannotLookException {
        if (!unread.isEmpty()) {
            throw new CannotLookException(
                    "%d processes could not be read, one of them: %s"
                            .formatted(unread.size(), unread.getFirst()),
                    "run as root, outside of a container");
        }
    }

    String lookedAt() {
        return "%d processes in %d mount namespaces, %d listening sockets"
                .formatted(processes.size(), mounts.size(), listeners.size());
    }

    List<String> notSeen() {
        return excused.map(
                        sentence ->
                                List.of(
                                        sentence
                                                + ": the machine's first process, no database by its"
                                                + " arguments; its working directory and deleted"
                                                + " files were not seen"))
                .orElse(List.of());
    }
}
