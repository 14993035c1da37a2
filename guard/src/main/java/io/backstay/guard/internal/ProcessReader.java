package io.backstay.guard.internal;

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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads one process from `/proc`. Source: proc(5).
///
/// A process that ends meanwhile is none; whatever else cannot be read is written down as
/// unreadable.
final class ProcessReader {
    private static final long PF_KTHREAD = 0x00200000L;
    private static final String DELETED = " (deleted)";

    private final Path folder;
    private final int pid;
    private final List<Held> held = new ArrayList<>();
    private final Set<Long> sockets = new HashSet<>();
    private final List<String> unreadable = new ArrayList<>();

    private ProcessReader(Path folder, int pid) {
        this.folder = folder;
        this.pid = pid;
    }

    /// Empty for kernel threads, for processes that have ended, and for zombies with no thread
    /// left.
    static Optional<ProcessFacts> read(Path proc, int pid) {
        return new ProcessReader(proc.resolve(Integer.toString(pid)), pid).read();
    }

    private Optional<ProcessFacts> read() {
        Optional<Stat> before = stat();
        if (before.isEmpty() || before.get().isKernelThread() || before.get().isGone()) {
            return Optional.empty();
        }
        String networkNamespace = namespace("net");
        String mountNamespace = namespace("mnt");
        descriptors();
        link("cwd", How.WORKING_DIRECTORY);
        link("root", How.ROOT);
        link("exe", How.PROGRAM);
        maps();
        List<String> args = args();
        Optional<Stat> after = stat();
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

    private record Stat(String name, char state, long flags, long threads, long startTicks) {
        boolean isKernelThread() {
            return (flags & PF_KTHREAD) != 0;
        }

        /// A zombie whose other threads still run holds its files: it is not gone.
        boolean isGone() {
            return state == 'X' || (state == 'Z' && threads <= 1);
        }
    }

    private Optional<Stat> stat() {
        try {
            String text = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
            int behind = text.lastIndexOf(')');
            String[] fields = text.substring(behind + 2).split(" ");
            return Optional.of(
                    new Stat(
                            text.substring(text.indexOf('(') + 1, behind),
                            fields[0].charAt(0),
                            Long.parseLong(fields[6]),
                            Long.parseLong(fields[17]),
                            Long.parseLong(fields[19])));
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
            if (text.startsWith("socket:[")) {
                sockets.add(Long.parseLong(text.substring(8, text.length() - 1)));
            } else if (text.startsWith("/") || text.startsWith("(unreachable)")) {
                int number = Integer.parseInt(String.valueOf(entry.getFileName()));
                held.add(held(How.OPEN, entry, text, number));
            }
        } catch (NoSuchFileException e) {
            return; // closed meanwhile
        } catch (IOException e) {
            unreadable("fd", e);
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

    private static Held held(How how, Path link, String text, int number) throws IOException {
        boolean deleted = text.endsWith(DELETED);
        return new Held(how, FileKey.of(link), name(text), deleted, number);
    }

    /// `START-END MODE OFFSET MAJOR:MINOR INODE NAME`
    private void maps() {
        try {
            var seen = new HashSet<FileKey>();
            String maps = Files.readString(folder.resolve("maps"), StandardCharsets.UTF_8);
            for (String line : maps.split("\n")) {
                String[] fields = line.split(" +", 6);
                if (fields.length < 6 || fields[4].equals("0")) {
                    continue;
                }
                String[] device = fields[3].split(":");
                var key =
                        new FileKey(
                                FileKey.device(
                                        Integer.parseInt(device[0], 16),
                                        Integer.parseInt(device[1], 16)),
                                Long.parseLong(fields[4]));
                if (seen.add(key)) {
                    boolean deleted = fields[5].endsWith(DELETED);
                    held.add(new Held(How.MAPPED, key, name(fields[5]), deleted, -1));
                }
            }
        } catch (IOException e) {
            unreadable("maps", e);
        }
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
        String reason =
                e instanceof java.nio.file.AccessDeniedException
                        ? "permission denied"
                        : String.valueOf(e.getMessage());
        String line = what + ": " + reason;
        if (!unreadable.contains(line)) {
            unreadable.add(line);
        }
    }
}
