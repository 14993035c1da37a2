package io.backstay.cli.drill;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a drill was asked for, held against what can be, before anything is touched.
public final class DrillEntry {
    private static final long DISK_BYTES_PER_CLUSTER = 900_000_000L;
    private static final long DISK_BYTES_FIXED = 1_200_000_000L;
    private static final String SERVERS_FILE = "servers.json";
    private static final int ROWS_MIN = 1_000;
    private static final int ROWS_FULL = 200_000;
    private static final int ROW_EVENTS_FULL = 300_000;

    private final DrillOptions options;
    private final DrillFolders folders;
    private final boolean isKept;
    private final boolean isResumed;
    private final Talk talk;
    private boolean isBegun;

    /// How a drill ended.
    ///
    /// @param howToConnect lines for people; empty unless the fleet was kept
    public record End(
            List<ClaimBook.Claim> claims, int exitCode, Path report, List<String> howToConnect) {}

    /// @param rowEvents null for what fits the rows
    /// @param acts empty for all
    /// @throws Problem for nonsense, with nothing touched
    public DrillEntry(
            Path folder,
            int rows,
            int clusters,
            long seed,
            @Nullable Integer rowEvents,
            List<Integer> acts,
            List<String> bugs,
            int port,
            boolean isKept,
            boolean isResumed,
            Talk talk) {
        Path root = folder.toAbsolutePath().normalize();
        this.folders = new DrillFolders(root);
        this.isKept = isKept;
        this.isResumed = isResumed;
        this.talk = talk;
        require(rows >= ROWS_MIN && rows <= 100_000_000, "--rows", "1000 to 100000000", rows);
        require(clusters >= 1 && clusters <= 9, "--clusters", "1 to 9", clusters);
        require(port >= 1024 && port <= 65535, "--port", "1024 to 65535", port);
        acts.forEach(act -> require(act >= 1 && act <= 5, "--act", "acts from 1 to 5", act));
        List<String> wanted = bugs.equals(List.of("all")) ? UserScripts.BUGS : bugs;
        wanted.forEach(
                bug ->
                        require(
                                UserScripts.BUGS.contains(bug),
                                "--bug",
                                "all or one of " + UserScripts.BUGS,
                                bug));
        int events = rowEvents != null ? rowEvents : Math.min(ROW_EVENTS_FULL, rows * 3 / 2);
        require(events >= 100, "--row-events", "at least 100", events);
        this.options =
                isResumed
                        ? earlier()
                        : new DrillOptions(
                                rows,
                                clusters,
                                seed,
                                events,
                                new TreeSet<>(acts.isEmpty() ? List.of(1, 2, 3, 4, 5) : acts),
                                wanted,
                                port);
        if (!options.acts().contains(1)) {
            throw nonsense("--act", "act 1 among them: the others stand on it", options.acts());
        }
    }

    private DrillOptions earlier() {
        return DrillRecord.find(folders.record())
                .map(record -> record.state().options())
                .orElseThrow(
                        () ->
                                new Problem(
                                        ErrorCode.USAGE,
                                        "cannot resume a drill in %s: expected %s there, found none"
                                                .formatted(
                                                        folders.root(),
                                                        folders.record().getFileName()),
                                        "leave --resume out to start a new drill there."));
    }

    /// What the drill will need and touch, for people, before it starts.
    public String needs() {
        long memoryBytes = (options.clusters() * 3L + 5) * 150_000_000L + 2_000_000_000L;
        double minutes =
                options.rows() >= ROWS_FULL
                        ? 2.0 + 2.0 * options.clusters()
                        : 1.0 + options.clusters();
        return """
                This drill plays acts %s on %d clusters with %,d rows each.
                It needs about %.0f minutes on 2 cores, %.1f GB of memory, %.1f GB of disk.
                It touches %s and %s (server programs, kept), and loopback addresses 127.77.* to 127.79.*, port %d."""
                .formatted(
                        options.acts(),
                        options.clusters(),
                        options.rows(),
                        minutes,
                        memoryBytes / 1e9,
                        diskBytes() / 1e9,
                        folders.root(),
                        io.backstay.lab.ServerBinaries.home().toAbsolutePath().normalize(),
                        options.port());
    }

    /// What has been claimed so far, also of a drill that was stopped in its middle; nothing of an
    /// earlier drill in the same folder.
    public List<ClaimBook.Claim> claimsSoFar() {
        return DrillRecord.find(folders.record())
                .filter(_ -> isBegun)
                .map(record -> record.state().claims())
                .orElse(List.of());
    }

    /// The page of a drill that was stopped; empty if it was stopped before it had one.
    public Optional<Path> reportSoFar() {
        return Optional.of(folders.report()).filter(report -> isBegun && Files.exists(report));
    }

    /// Plays it.
    public End play() throws Exception {
        if (!isResumed) {
            requireOwnFolder();
        }
        requireFolder();
        if (!isResumed) {
            requireDisk();
        }
        requireAddresses();
        isBegun = true;
        Drill.End end = new Drill(options, folders, isResumed, isKept, talk).play();
        return new End(
                end.claims().all(), end.claims().exitCode(), folders.report(), end.howToConnect());
    }

    /// A new drill deletes what an earlier one left, so its folder must be an earlier one's, empty,
    /// or not there.
    private void requireOwnFolder() {
        if (!Files.isDirectory(folders.root()) || Files.exists(folders.record())) {
            return;
        }
        try (Stream<Path> children = Files.list(folders.root())) {
            // all that a drill leaves that was refused before it began
            Optional<Path> foreign =
                    children.filter(
                                    child ->
                                            !String.valueOf(child.getFileName())
                                                    .startsWith(SERVERS_FILE))
                            .findFirst();
            if (foreign.isPresent()) {
                throw new Problem(
                        ErrorCode.ENVIRONMENT,
                        "cannot play in %s: expected an empty folder or one of an earlier drill (with a %s), found %s"
                                .formatted(
                                        folders.root(),
                                        folders.record().getFileName(),
                                        foreign.get().getFileName()),
                        "name a folder that does not exist yet with --dir.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireFolder() {
        try {
            Disk.folder(folders.root());
            Files.delete(Files.createTempFile(folders.root(), ".writable", ""));
        } catch (IOException | UncheckedIOException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot write in %s: %s".formatted(folders.root(), e.getMessage()),
                    "name a folder of your own with --dir.",
                    e);
        }
    }

    private void requireDisk() {
        try {
            long free = Files.getFileStore(folders.root()).getUsableSpace();
            if (free < diskBytes()) {
                throw new Problem(
                        ErrorCode.ENVIRONMENT,
                        "the disk of %s is too small: expected %.1f GB free, found %.1f"
                                .formatted(folders.root(), diskBytes() / 1e9, free / 1e9),
                        "name a folder on a larger disk with --dir, or play with fewer --rows and --clusters.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The addresses of servers that still run from a killed drill in this folder are this drill's
    /// own.
    private void requireAddresses() {
        try (var former = io.backstay.lab.RunFile.open(folders.servers())) {
            if (!former.live().isEmpty()) {
                if (!isResumed) {
                    former.sweep();
                } else {
                    return;
                }
            }
        }
        IntStream.rangeClosed(1, options.clusters())
                .forEach(
                        cluster -> {
                            requireFree("127.77." + cluster + ".1");
                            requireFree("127.77." + cluster + ".100");
                        });
        requireFree("127.77.0.1");
        requireFree("127.78.1.1");
        requireFree("127.79.0.1");
    }

    private void requireFree(String address) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(address), options.port()));
        } catch (IOException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot listen on %s:%d: %s".formatted(address, options.port(), e.getMessage()),
                    "see who does (`ss -ltnp 'sport = :%d'`); another drill has a folder of its own: end it, or use another --port."
                            .formatted(options.port()),
                    e);
        }
    }

    private long diskBytes() {
        return DISK_BYTES_FIXED
                + (long)
                        (options.clusters()
                                * DISK_BYTES_PER_CLUSTER
                                * Math.max(0.4, options.rows() / (double) ROWS_FULL));
    }

    private static void require(boolean holds, String option, String expected, Object found) {
        if (!holds) {
            throw nonsense(option, expected, found);
        }
    }

    private static Problem nonsense(String option, String expected, Object found) {
        return new Problem(
                ErrorCode.USAGE,
                "%s: expected %s, found %s".formatted(option, expected, found),
                "`backstay drill --help` explains each option.");
    }
}
