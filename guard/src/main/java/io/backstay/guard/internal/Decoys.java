package io.backstay.guard.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.backstay.doors.Disk;
import io.backstay.doors.kernel.Descriptor;
import io.backstay.doors.kernel.FreshNamespaces;
import io.backstay.doors.kernel.KernelRefusedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The controls of one check: prepared signs of life that each probe must find a moment before its
/// "nothing" counts, and one empty folder in which it must find none.
///
/// All of it lies in one new folder outside the target and goes when this is closed; the processes
/// end by themselves when this one ends, as they wait for its end of a pipe.
final class Decoys implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String FOLDER_PREFIX = ".backstay-controls-";
    private static final int NONCE_BYTES = 6;
    private static final int IMAGE_BYTES = 1 << 18;
    private static final String LIVE_SOCKET = "elsewhere/live.sock"; // the longest socket name
    private static final int SOCKET_NAME_BYTES_MAX = 106; // what Java binds of sun_path's 108

    /// What fits above a control's folder, its live socket, and two separators.
    private static final int HOME_BYTES_MAX =
            SOCKET_NAME_BYTES_MAX
                    - FOLDER_PREFIX.length()
                    - 2 * NONCE_BYTES
                    - LIVE_SOCKET.length()
                    - 2;

    /// @param mark a word that the probe's sentence must hold
    /// @param what said in the proof
    record Decoy(Place place, String mark, String what) {}

    private final Path folder;
    private final Deque<AutoCloseable> planted = new ArrayDeque<>();
    private final long device;
    private Optional<FreshNamespaces.Left> foreign = Optional.empty();
    private String notPlanted = "";
    private String address = "";
    private int port;
    private List<Mount> mounts = List.of();

    private Decoys(Path folder, long device) {
        this.folder = folder;
        this.device = device;
    }

    /// @param targetDevice the target's file system: controls belong on the same one
    /// @param covered folders of which what their mounts cover is to be seen
    static Decoys plant(Path stateFolder, Path target, long targetDevice, List<Path> covered)
            throws CannotLookException {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        Path root =
                home(stateFolder, target, targetDevice)
                        .resolve(FOLDER_PREFIX + HexFormat.of().formatHex(nonce));
        Decoys decoys = null;
        try {
            Disk.folder(root);
            decoys = new Decoys(root, FileKey.ofEntry(root).device());
            decoys.files();
            decoys.processes();
            decoys.sockets();
            decoys.foreignNamespaces(covered);
            decoys.kernelUsers();
            decoys.disks();
            return decoys;
        } catch (IOException | RuntimeException e) {
            if (decoys != null) {
                decoys.close();
            }
            throw new CannotLookException(
                    "the controls could not be planted in " + root + ": " + e.getMessage(),
                    "give the guard a state folder that it may write to, with a path of at most "
                            + HOME_BYTES_MAX
                            + " bytes");
        }
    }

    /// On the target's file system where one will do, else anywhere: the proof says so.
    private static Path home(Path stateFolder, Path target, long targetDevice) {
        List<Path> usable =
                Stream.concat(
                                Stream.of(stateFolder),
                                // a root that cannot be written to still has these
                                Stream.of("/var/tmp", "/tmp", "/run", "/dev/shm").map(Path::of))
                        .filter(home -> !home.startsWith(target))
                        .filter(home -> home.toString().getBytes(UTF_8).length <= HOME_BYTES_MAX)
                        .filter(Files::isWritable)
                        .toList();
        return usable.stream()
                .filter(home -> isOnDevice(home, targetDevice))
                .findFirst()
                .or(() -> usable.stream().findFirst())
                .orElse(stateFolder); // planting there will say what is wrong with it
    }

    private static boolean isOnDevice(Path home, long device) {
        try {
            return FileKey.of(home).device() == device;
        } catch (IOException e) {
            return false;
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // all that is planted is closed by close()
    private void files() throws IOException {
        Files.createDirectories(folder.resolve("empty/nested"));
        Path locked = write("locked/ibdata1");
        Descriptor lock = Descriptor.openToLock(locked);
        planted.push(lock);
        if (!lock.tryLock()) {
            throw new IOException("a new file could not be locked");
        }
        Path mapped = write("mapped/ibdata1");
        Arena arena = Arena.ofShared();
        planted.push(arena);
        try (FileChannel channel = FileChannel.open(mapped, StandardOpenOption.READ)) {
            channel.map(FileChannel.MapMode.READ_ONLY, 0, 1, arena);
        }
        write("stopped/ibdata1");
        write("stopped/aria_log_control");
        write("unknown/" + unknownName());
        Files.createLink(folder.resolve("unknown/second-name"), write("elsewhere/first-name"));
        Files.createDirectories(folder.resolve("mounted/inner"));
        Files.createDirectories(folder.resolve("args"));
        Files.createDirectories(folder.resolve("sockets"));
    }

    private void processes() throws IOException {
        Path deleted = write("used/deleted.ibd");
        Path open = write("used/open.ibd");
        Process process =
                waiting("--datadir=" + folder.resolve("args"))
                        .directory(folder.resolve("used").toFile())
                        .redirectOutput(deleted.toFile())
                        .redirectError(open.toFile())
                        .start();
        planted.push(process::destroyForcibly);
        Files.delete(deleted);
    }

    private void sockets() throws IOException {
        var unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        planted.push(unix);
        unix.bind(UnixDomainSocketAddress.of(folder.resolve("sockets/s.sock")));
        Files.delete(folder.resolve("sockets/s.sock")); // as careless cleaners do
        var live = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        planted.push(live);
        live.bind(UnixDomainSocketAddress.of(liveSocket()));
        address =
                "127.%d.%d.%d"
                        .formatted(
                                200 + RANDOM.nextInt(50),
                                RANDOM.nextInt(256),
                                1 + RANDOM.nextInt(254));
        var tcp = new ServerSocket();
        planted.push(tcp);
        tcp.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        port = tcp.getLocalPort();
    }

    /// Two lies for [KernelUsers], in the kernel's own form.
    private void kernelUsers() throws IOException {
        Files.createDirectories(folder.resolve("kernel/fed"));
        write(
                "lies/proc/swaps",
                "Filename Type Size Used Priority\n%s/kernel/fed/swap\\040(deleted) file 1 0 -2\n"
                        .formatted(folder));
        write("lies/sys/block/x/holders/dm-9", "");
        write("lies/sys/block/loop0/loop/backing_file", folder + "/kernel/fed/image (deleted)\n");
    }

    /// The device number of the file system that is mounted in another namespace only.
    long mountedDevice() throws CannotLookException {
        try {
            return FileKey.of(
                            Path.of(
                                    "/proc/%d/root%s"
                                            .formatted(
                                                    left().process().pid(),
                                                    folder.resolve("mounted/inner"))))
                    .device();
        } catch (IOException e) {
            throw new CannotLookException("a control is gone: " + e.getMessage(), "ask again");
        }
    }

    /// An image of a disk.
    ///
    /// @param mark a word that must be said of it; empty if it holds nothing
    record Image(Path file, String mark, String what) {}

    private void disks() throws IOException {
        byte[] zeroes = new byte[IMAGE_BYTES];
        Files.createDirectories(folder.resolve("disks"));
        Files.write(folder.resolve("disks/zero"), zeroes);
        byte[] last = zeroes.clone();
        last[IMAGE_BYTES - 1] = 1;
        Files.write(folder.resolve("disks/last"), last);
        byte[] volume = zeroes.clone();
        System.arraycopy("LABELONE".getBytes(UTF_8), 0, volume, 512, 8);
        Files.write(folder.resolve("disks/volume"), volume);
        byte[] raid = zeroes.clone();
        System.arraycopy(HexFormat.of().parseHex("fc4e2ba9"), 0, raid, 4096, 4);
        Files.write(folder.resolve("disks/raid"), raid);
    }

    List<Image> images() {
        Path disks = folder.resolve("disks");
        return List.of(
                new Image(disks.resolve("zero"), "", "a disk of zeroes"),
                new Image(disks.resolve("last"), "unknown kind", "one byte at a disk's end"),
                new Image(disks.resolve("volume"), "LVM", "a physical volume"),
                new Image(disks.resolve("raid"), "RAID", "a member of a RAID"));
    }

    /// What the kernel would say if it swapped to a device, and had a loop device on it.
    Path deviceLies(Path node) throws CannotLookException {
        try {
            write(
                    "device-lies/proc/swaps",
                    "Filename Type Size Used Priority\n%s partition 1 0 -2\n".formatted(node));
            write("device-lies/sys/block/loop0/loop/backing_file", node + "\n");
            return folder.resolve("device-lies");
        } catch (IOException e) {
            throw new CannotLookException("a control is gone: " + e.getMessage(), "ask again");
        }
    }

    /// What the kernel would say if it used two files of [#fed].
    Path lies() {
        return folder.resolve("lies");
    }

    List<Decoy> fed() throws CannotLookException {
        Place fed = place("kernel", Set.of());
        return List.of(
                new Decoy(fed, "swap", "a deleted swap file"),
                new Decoy(fed, "loop0", "a loop device on a deleted file"));
    }

    private void foreignNamespaces(List<Path> covered) throws IOException {
        var uncovered = new ArrayList<FreshNamespaces.Uncovered>();
        for (int i = 0; i < covered.size(); i++) {
            Files.createDirectories(uncovered(i));
            uncovered.add(new FreshNamespaces.Uncovered(covered.get(i), uncovered(i)));
        }
        try {
            var left =
                    FreshNamespaces.visit(
                            folder.resolve("mounted/inner"),
                            uncovered,
                            waiting("in-other-namespaces"));
            planted.push(left);
            foreign = Optional.of(left);
        } catch (KernelRefusedException e) {
            notPlanted = String.valueOf(e.getMessage());
        }
    }

    /// A process that does nothing and ends with this one.
    private static ProcessBuilder waiting(String argument) {
        return new ProcessBuilder("/bin/sh", "-c", "read _", "backstay-control", argument);
    }

    private Path uncovered(int number) {
        return folder.resolve("uncovered-" + number);
    }

    /// Where this one of the covered folders can be seen.
    Path seenUncovered(int number) throws CannotLookException {
        return Path.of("/proc/%d/root%s".formatted(left().process().pid(), uncovered(number)));
    }

    private Path write(String name) throws IOException {
        return write(name, "backstay control\n");
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /// @param own mounts of this process
    void sawMounts(List<Mount> own) {
        mounts = own;
    }

    Path folder() {
        return folder;
    }

    Place empty() throws CannotLookException {
        return place("empty", Set.of());
    }

    Decoy locked() throws CannotLookException {
        return new Decoy(place("locked", Set.of()), "ibdata1", "a locked file");
    }

    List<Decoy> used() throws CannotLookException {
        Place used = place("used", Set.of());
        return List.of(
                new Decoy(used, "open.ibd", "a file that another process has open"),
                new Decoy(used, "deleted.ibd", "a deleted file that another process has open"),
                new Decoy(used, "working directory", "another process's working directory"),
                new Decoy(place("mapped", Set.of()), "ibdata1", "a mapped, closed file"));
    }

    Decoy opened() throws CannotLookException {
        return new Decoy(
                place("used", Set.of()), "open.ibd", "a file that another process has open");
    }

    Decoy named() throws CannotLookException {
        return new Decoy(
                place("args", Set.of()), "--datadir", "a process that names a data directory");
    }

    List<Decoy> listening() throws CannotLookException {
        return List.of(
                new Decoy(place("sockets", Set.of()), "s.sock", "a unix socket without its file"),
                new Decoy(place("empty", Set.of(address)), ":" + port, "a listener on an address"));
    }

    /// The listening socket that this process has in another network namespace.
    long foreignSocketInode() throws CannotLookException {
        try {
            String text =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + left().socket())).toString();
            return Long.parseLong(text.substring("socket:[".length(), text.length() - 1));
        } catch (IOException e) {
            throw new CannotLookException("a control is gone: " + e.getMessage(), "try again");
        }
    }

    /// A name that no host's list of disposable files can hold.
    private String unknownName() {
        return "unknown" + folder.getFileName();
    }

    /// A unix socket on which this process listens.
    Path liveSocket() {
        return folder.resolve(LIVE_SOCKET);
    }

    Decoy mounted() throws CannotLookException {
        left();
        return new Decoy(place("mounted", Set.of()), "inner", "a mount in another mount namespace");
    }

    List<Decoy> atRest() throws CannotLookException {
        return List.of(
                new Decoy(place("stopped", Set.of()), "ibdata1", "a stopped data directory"),
                new Decoy(place("unknown", Set.of()), unknownName(), "an unknown file"),
                new Decoy(place("unknown", Set.of()), "names", "a hard link"));
    }

    List<Decoy> notAServersOwn() throws CannotLookException {
        return List.of(
                new Decoy(place("unknown", Set.of()), unknownName(), "a file no server makes"),
                new Decoy(place("unknown", Set.of()), "names", "a hard link"));
    }

    private FreshNamespaces.Left left() throws CannotLookException {
        return foreign.orElseThrow(
                () ->
                        new CannotLookException(
                                "its control in other namespaces could not be planted: "
                                        + notPlanted,
                                "run as root with the right to create namespaces"));
    }

    private Place place(String name, Set<String> addresses) throws CannotLookException {
        return Place.of(Tree.walk(folder.resolve(name)), mounts, addresses);
    }

    boolean isOn(long otherDevice) {
        return device == otherDevice;
    }

    @Override
    public void close() {
        var failures = new ArrayList<String>();
        while (!planted.isEmpty()) {
            try {
                planted.pop().close();
            } catch (Exception e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        Disk.deleteTree(folder);
        if (!failures.isEmpty()) {
            throw new IllegalStateException("controls were not removed: " + failures);
        }
    }
}
