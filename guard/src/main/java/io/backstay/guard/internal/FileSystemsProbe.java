package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Does a database's data lie on any file system that is mounted on this host, in whatever mount
/// namespace, also where another mount covers it?
final class FileSystemsProbe implements Look<HostWorld> {
    private static final int FOUND_MAX = 5;

    /// File systems of the kernel's own that hold no data.
    private static final Set<String> KERNELS_OWN =
            Set.of(
                    "proc",
                    "sysfs",
                    "cgroup",
                    "cgroup2",
                    "devpts",
                    "mqueue",
                    "debugfs",
                    "tracefs",
                    "securityfs",
                    "bpf",
                    "pstore",
                    "configfs",
                    "hugetlbfs",
                    "fusectl",
                    "autofs",
                    "binfmt_misc",
                    "efivarfs",
                    "nsfs",
                    "rpc_pipefs",
                    "nfsd",
                    "selinuxfs",
                    "devtmpfs");

    private static final Set<String> OF_OTHERS =
            Set.of("nfs", "nfs4", "cifs", "smb3", "ceph", "glusterfs", "9p", "virtiofs");

    @Override
    public String name() {
        return "data-at-rest";
    }

    @Override
    public List<String> life(HostWorld world) throws CannotLookException {
        var life = new ArrayList<String>();
        for (Path root : roots(world)) {
            life.addAll(search(root, world.decoys().folder(), world.deadlineNanos()));
            if (life.size() >= FOUND_MAX) {
                break;
            }
        }
        if (life.isEmpty()) {
            world.table().requireAllRead();
        }
        return life;
    }

    /// Mounts that may hold data of this host.
    static List<Mount> local(List<Mount> mounts) {
        return mounts.stream()
                .filter(
                        mount ->
                                !KERNELS_OWN.contains(mount.type())
                                        && !OF_OTHERS.contains(mount.type()))
                .toList();
    }

    /// Each file system's folders once: this process's own without what is mounted on them, those
    /// of other namespaces through a process that sees them.
    private static List<Path> roots(HostWorld world) throws CannotLookException {
        var roots = new LinkedHashMap<String, Path>();
        for (int i = 0; i < world.own().size(); i++) {
            Mount mount = world.own().get(i);
            Path seen = world.decoys().seenUncovered(i);
            requireSeen(mount, seen);
            roots.putIfAbsent(key(mount), seen);
        }
        for (Map.Entry<String, List<Mount>> namespace : world.table().mounts().entrySet()) {
            for (Mount mount : local(namespace.getValue())) {
                if (!roots.containsKey(key(mount)) && !roots.containsKey(mount.device() + " /")) {
                    requireNothingCovered(mount, namespace.getValue());
                    Path seen = world.table().seen(namespace.getKey(), mount.point());
                    requireSeen(mount, seen);
                    roots.put(key(mount), seen);
                }
            }
        }
        return List.copyOf(roots.values());
    }

    private static String key(Mount mount) {
        return mount.device() + " " + mount.root();
    }

    /// Of two file systems at one place, the upper one would be searched twice and the lower never.
    private static void requireSeen(Mount mount, Path seen) throws CannotLookException {
        try {
            // btrfs has a number of its own for each subvolume
            if (!mount.type().equals("btrfs") && FileKey.of(seen).device() != mount.device()) {
                throw new CannotLookException(
                        "the %s at %s is covered by another mount at the same place"
                                .formatted(mount.type(), mount.point()),
                        "unmount one of them");
            }
        } catch (IOException e) {
            throw new CannotLookException(
                    mount.point() + " cannot be looked at: " + e.getMessage(), "run as root");
        }
    }

    private static void requireNothingCovered(Mount mount, List<Mount> namespace)
            throws CannotLookException {
        if (mount.type().equals("overlay") || mount.type().equals("tmpfs")) {
            return; // an overlay's layers are folders elsewhere; the other is said by notSeen
        }
        for (Mount above : namespace) {
            if (above.parent() == mount.id() && above.id() != mount.id()) {
                throw new CannotLookException(
                        "what %s covers on %s, in another mount namespace, is not seen"
                                .formatted(above.point(), mount.point()),
                        "end the container, or unmount it there");
            }
        }
    }

    private static List<String> search(Path root, Path controls, long deadlineNanos)
            throws CannotLookException {
        var found = new ArrayList<String>();
        try {
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) throws IOException {
                            if (deadlineNanos != Long.MAX_VALUE
                                    && System.nanoTime() > deadlineNanos) {
                                throw new IOException("the time given ended at " + folder);
                            }
                            boolean isControl =
                                    folder.endsWith(controls.getFileName())
                                            && !root.equals(controls);
                            return isControl
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            String name = String.valueOf(file.getFileName());
                            if (DataDirectory.isAnchor(name) || DataDirectory.isSignature(name)) {
                                found.add("a database's file: " + file);
                            }
                            return found.size() < FOUND_MAX
                                    ? FileVisitResult.CONTINUE
                                    : FileVisitResult.TERMINATE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e)
                                throws IOException {
                            if (e instanceof NoSuchFileException) {
                                return FileVisitResult.CONTINUE;
                            }
                            throw e;
                        }
                    });
        } catch (IOException | RuntimeException e) {
            if (!found.isEmpty()) {
                return found;
            }
            throw new CannotLookException(
                    root + " was not searched to its end: " + e.getMessage(),
                    "give it more time: --budget, in the form PT10M; run as root");
        }
        return found;
    }

    @Override
    public List<String> controls(HostWorld world) throws CannotLookException {
        Path controls = world.decoys().folder();
        var names = new HashSet<>(search(controls, controls, Long.MAX_VALUE));
        if (names.stream().noneMatch(name -> name.endsWith("/ibdata1"))) {
            throw failed("did not find its decoy: a stopped data directory");
        }
        if (!search(controls.resolve("empty"), controls, Long.MAX_VALUE).isEmpty()) {
            throw failed("sees life in an empty folder");
        }
        return List.of("found a stopped data directory", "called an empty folder clear");
    }

    @Override
    public String lookedAt(HostWorld world) {
        return world.table().lookedAt();
    }

    @Override
    public List<String> notSeen(HostWorld world) {
        return List.of(
                "file systems of other hosts (nfs, cifs, ceph)",
                "folders in memory (tmpfs) that a mount covers in another mount namespace",
                "databases of a kind whose files are not known by their names");
    }
}
