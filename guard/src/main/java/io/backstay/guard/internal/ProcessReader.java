package io.backstay.guard.internal;

import io.backstay.doors.kernel.SharedTables;
import io.backstay.guard.internal.ProcessFacts.Held;
import io.backstay.guard.internal.ProcessFacts.How;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Reads one process from `/proc`. Source: proc(5).
///
/// A thread that does not share its process's files, folders or namespaces is read by itself: it
/// may hold what no other does. One that ends meanwhile is none; whatever else cannot be read is
/// written down as unreadable.
final class ProcessReader {
    private static final String DELETED = " (deleted)";
    private static final int RING_ATTEMPTS = 5;
    private static final long RING_PAUSE_NANOS = 2_000_000;

    private final Path folder;
    private final int pid;
    private final List<Held> held = new ArrayList<>();
    private final Set<Long> sockets = new HashSet<>();
    private final List<String> unreadable = new ArrayList<>();

    private ProcessReader(Path folder, int pid) {
        this.folder = folder;
        this.pid = pid;
    }

    /// The process and its deviating threads. Empty for kernel threads, for processes that have
    /// ended, and for zombies with no thread left.
    static List<ProcessFacts> read(Path proc, int pid) {
        var found = new ArrayList<ProcessFacts>();
        Path folder = proc.resolve(Integer.toString(pid));
        try {
            Optional<ProcessStat> stat = ProcessStat.find(folder);
            if (stat.isEmpty() || stat.get().isKernelThread() || stat.get().isGone()) {
                return found;
            }
            if (!stat.get().isZombie()) {
                Optional<ProcessFacts> leader = new ProcessReader(folder, pid).read();
                if (leader.isEmpty()) {
                    return found;
                }
                found.add(leader.get());
            }
            if (stat.get().threads() > 1
                    && found.stream().allMatch(p -> p.unreadable().isEmpty())) {
                threads(folder.resolve("task"), pid, found);
            }
        } catch (IOException e) {
            found.add(unseen(pid, "stat", e));
        }
        return found;
    }

    /// Reads each thread that shares its tables with none that was read before.
    private static void threads(Path tasks, int leader, List<ProcessFacts> found) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(tasks, "[0-9]*")) {
            for (Path entry : entries) {
                int thread = Integer.parseInt(String.valueOf(entry.getFileName()));
                Optional<ProcessStat> stat = ProcessStat.find(entry);
                if (thread == leader || stat.isEmpty() || stat.get().isZombie()) {
                    continue;
                }
                String network = link(entry.resolve("ns/net")).orElse("");
                boolean hasFiles =
                        found.stream().noneMatch(p -> SharedTables.files(p.pid(), thread));
                boolean isRead =
                        found.stream()
                                .anyMatch(
                                        p ->
                                                p.networkNamespace().equals(network)
                                                        && SharedTables.folders(p.pid(), thread));
                var reader = new ProcessReader(entry, thread);
                if (found.isEmpty()) { // the leader is gone: this one speaks for the process
                    reader.read().ifPresent(found::add);
                } else if (hasFiles || !isRead) {
                    reader.thread(hasFiles).ifPresent(found::add);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            if (!Files.notExists(tasks)) { // else it has ended meanwhile, all threads with it
                found.add(unseen(leader, "task", e));
            }
        }
    }

    private static ProcessFacts unseen(int pid, String what, Exception e) {
        return new ProcessFacts(
                pid,
                "not readable",
                List.of(),
                Set.of(),
                List.of(),
                "?" + pid,
                "?" + pid,
                List.of(what + ": " + reason(e)));
    }

    /// Its memory, program and arguments are its process's own.
    private Optional<ProcessFacts> thread(boolean hasFiles) throws IOException {
        return read(hasFiles ? this::descriptors : () -> {}, List::of);
    }

    private Optional<ProcessFacts> read() throws IOException {
        return read(
                () -> {
                    descriptors();
                    link("exe", How.PROGRAM);
                    maps();
                },
                this::args);
    }

    private Optional<ProcessFacts> read(Runnable files, Supplier<List<String>> arguments)
            throws IOException {
        Optional<ProcessStat> before = ProcessStat.find(folder);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        String networkNamespace = namespace("net");
        String mountNamespace = namespace("mnt");
        files.run();
        link("cwd", How.WORKING_DIRECTORY);
        link("root", How.ROOT);
        List<String> args = arguments.get();
        Optional<ProcessStat> after = ProcessStat.find(folder);
        if (after.isEmpty()
                || after.get().isGone()
                || after.get().startTicks() != before.get().startTicks()) {
            return Optional.empty();
        }
        return Optional.of(
                new ProcessFacts(
                        pid,
                        before.get().name(),
                        List.copyOf(held),
                        Set.copyOf(sockets),
                        args,
                        networkNamespace,
                        mountNamespace,
                        List.copyOf(unreadable)));
    }

    private static Optional<String> link(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private String namespace(String name) {
        try {
            return Files.readSymbolicLink(folder.resolve("ns").resolve(name)).toString();
        } catch (IOException e) {
            unreadable("ns/" + name, e);
            return "?" + pid;
        }
    }

    private void descriptors() {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.resolve("fd"))) {
            for (Path entry : entries) {
                descriptor(entry);
            }
        } catch (IOException e) {
            unreadable("fd", e);
        } catch (DirectoryIteratorException e) {
            unreadable("fd", new IOException(e));
        }
    }

    private void descriptor(Path entry) {
        try {
            String text = Files.readSymbolicLink(entry).toString();
            int number = Integer.parseInt(String.valueOf(entry.getFileName()));
            if (text.startsWith("socket:[")) {
                sockets.add(Long.parseLong(text.substring(8, text.length() - 1)));
                if (!facts(number).getOrDefault("scm_fds", "0").equals("0")) {
                    unreadable.add("files on their way to it in socket %d".formatted(number));
                }
            } else if (text.equals("anon_inode:[io_uring]")) {
                registered(number);
            } else if (text.startsWith("/") || text.startsWith("(unreachable)")) {
                held.add(held(How.OPEN, entry, text, number));
            }
        } catch (NoSuchFileException e) {
            return; // closed meanwhile
        } catch (IOException e) {
            unreadable("fd", e);
        }
    }

    /// Lines `NAME:\tVALUE` of what the kernel knows about a descriptor.
    private Map<String, String> facts(int number) throws IOException {
        var facts = new HashMap<String, String>();
        for (String line : fdinfo(number).split("\n")) {
            String[] parts = line.split(":\\s*", 2);
            if (parts.length == 2) {
                facts.putIfAbsent(parts[0].strip(), parts[1]);
            }
        }
        return facts;
    }

    private String fdinfo(int number) throws IOException {
        return Files.readString(
                folder.resolve("fdinfo").resolve(Integer.toString(number)),
                StandardCharsets.ISO_8859_1);
    }

    private void registered(int number) throws IOException {
        for (int attempt = 0; attempt < RING_ATTEMPTS; attempt++) {
            Optional<List<String>> names = RingFiles.told(fdinfo(number));
            if (names.isPresent()) {
                names.get().forEach(this::registered);
                return;
            }
            LockSupport.parkNanos(RING_PAUSE_NANOS);
        }
        unreadable.add("files of an io_uring in descriptor %d".formatted(number));
    }

    private void registered(String escaped) {
        String name = Mount.unescape(escaped);
        held.add(
                new Held(
                        How.REGISTERED,
                        FileKey.UNKNOWN,
                        name(name),
                        name.endsWith(DELETED),
                        -1,
                        -1,
                        name.startsWith("/dev/")
                                ? deviceAt(Path.of(folder.resolve("root") + name))
                                : 0));
    }

    /// Number of the block device that a name leads to, 0 if it is none, or gone.
    private long deviceAt(Path name) {
        try {
            return FileKey.blockDevice(Files.readAttributes(name, "unix:dev,ino,mode,rdev"));
        } catch (IOException e) {
            if (!Files.notExists(name)) {
                unreadable(String.valueOf(name.getFileName()), e);
            }
            return 0;
        }
    }

    private void link(String name, How how) {
        Path link = folder.resolve(name);
        try {
            held.add(held(how, link, Files.readSymbolicLink(link).toString(), -1));
        } catch (NoSuchFileException e) {
            if (how != How.PROGRAM) { // a process on its way out has none
                unreadable(name, e);
            }
        } catch (IOException e) {
            unreadable(name, e);
        }
    }

    private Held held(How how, Path link, String text, int number) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(link, "unix:dev,ino,mode,rdev");
        boolean deleted = text.endsWith(DELETED);
        int mount =
                deleted && number >= 0
                        ? Integer.parseInt(facts(number).getOrDefault("mnt_id", "-1"))
                        : -1;
        return new Held(
                how,
                FileKey.from(attributes),
                name(text),
                deleted,
                number,
                mount,
                FileKey.blockDevice(attributes));
    }

    private void maps() {
        try {
            var seen = new HashSet<FileKey>();
            // a name may be no UTF-8
            String maps =
                    new String(Files.readAllBytes(folder.resolve("maps")), StandardCharsets.UTF_8);
            for (String line : maps.split("\n")) {
                MappedFile.parse(line).filter(file -> seen.add(file.key())).ifPresent(this::mapped);
            }
        } catch (IOException e) {
            unreadable("maps", e);
        }
    }

    private void mapped(MappedFile file) {
        held.add(
                new Held(
                        How.MAPPED,
                        file.key(),
                        name(file.name()),
                        file.name().endsWith(DELETED),
                        -1,
                        -1,
                        file.mayBeDevice()
                                ? deviceAt(folder.resolve("map_files").resolve(file.range()))
                                : 0));
    }

    private List<String> args() {
        try {
            String line = Files.readString(folder.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return line.isEmpty() ? List.of() : List.of(line.split("\0"));
        } catch (IOException e) {
            unreadable("cmdline", e);
            return List.of();
        }
    }

    private static String name(String text) {
        return text.endsWith(DELETED) ? text.substring(0, text.length() - DELETED.length()) : text;
    }

    private void unreadable(String what, IOException e) {
        String line = what + ": " + reason(e);
        if (!unreadable.contains(line)) {
            unreadable.add(line);
        }
    }

    private static String reason(Exception e) {
        return e instanceof java.nio.file.AccessDeniedException
                ? "permission denied"
                : String.valueOf(e.getMessage());
    }
}
