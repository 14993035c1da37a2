package io.backstay.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One thing this machine has or lacks.
///
/// @param found what was looked at and seen
/// @param hint empty where nothing is to be done
record MachineCheck(String name, Outcome outcome, String found, String hint) {
    private static final long DRILL_DISK_BYTES = 5_000_000_000L;
    private static final double DRILL_MEMORY_GIB = 6;
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable: +(\\d+) kB");
    private static final List<String> LOOPBACK = List.of("127.77.1.1", "127.77.2.1", "127.77.3.1");

    enum Outcome {
        OK,
        /// Not there, and one figure or convenience is lost by it.
        OPTIONAL,
        MISSING;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static List<MachineCheck> all(Path folder) {
        return List.of(
                jdk(),
                program(
                        "mvn",
                        "Maven",
                        Outcome.MISSING,
                        "install Maven 3.8 or newer (Debian: `apt-get install maven`)."),
                program(
                        "mariadb-binlog",
                        "mariadb-binlog",
                        Outcome.OPTIONAL,
                        "without it the drill replays by a session of its own, which is no claim (Debian:"
                                + " `apt-get install mariadb-client`)."),
                privileges(),
                writable(folder),
                disk(folder),
                memory(),
                addresses());
    }

    private static MachineCheck jdk() {
        int feature = Runtime.version().feature();
        return feature >= 25
                ? ok("JDK 25", Runtime.version() + " in " + System.getProperty("java.home"))
                : new MachineCheck(
                        "JDK 25",
                        Outcome.MISSING,
                        "Java " + feature,
                        "install a JDK 25 and set JAVA_HOME to it.");
    }

    private static MachineCheck program(String program, String name, Outcome without, String hint) {
        Optional<Path> found =
                Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                        .filter(folder -> !folder.isEmpty())
                        .map(folder -> Path.of(folder, program))
                        .filter(Files::isExecutable)
                        .findFirst();
        return found.map(path -> ok(name, path.toString()))
                .orElseGet(
                        () ->
                                new MachineCheck(
                                        name, without, program + " is not on the PATH", hint));
    }

    private static MachineCheck privileges() {
        String user = System.getProperty("user.name", "?");
        return user.equals("root")
                ? ok("privileges", "root")
                : new MachineCheck(
                        "privileges",
                        Outcome.OPTIONAL,
                        user + " may not see every process",
                        "without root the guard is blind and refuses, and the drill leaves acts 2 and 3 out.");
    }

    private static MachineCheck writable(Path folder) {
        try {
            Files.delete(Files.createTempFile(folder, ".backstay-doctor", ""));
            return ok("folder", folder + " is writable");
        } catch (IOException e) {
            return new MachineCheck(
                    "folder",
                    Outcome.MISSING,
                    "cannot write in " + folder,
                    "name a folder of your own with --dir.");
        }
    }

    private static MachineCheck disk(Path folder) {
        try {
            long freeBytes = Files.getFileStore(folder).getUsableSpace();
            String found =
                    "%.1f GB free, a drill needs %.1f"
                            .formatted(freeBytes / 1e9, DRILL_DISK_BYTES / 1e9);
            return freeBytes >= DRILL_DISK_BYTES
                    ? ok("disk", found)
                    : new MachineCheck(
                            "disk",
                            Outcome.MISSING,
                            found,
                            "free some space, or name a folder elsewhere with --dir.");
        } catch (IOException e) {
            return new MachineCheck(
                    "disk",
                    Outcome.MISSING,
                    "cannot measure " + folder,
                    "name a folder that exists with --dir.");
        }
    }

    /// What Linux calls available: free, or freed without swapping.
    private static MachineCheck memory() {
        Matcher line = AVAILABLE.matcher(readMemoryInfo());
        if (!line.find()) {
            return new MachineCheck(
                    "memory",
                    Outcome.OPTIONAL,
                    "this system does not say",
                    "a drill needs about 6 GiB.");
        }
        double availableGib = Long.parseLong(line.group(1)) / 1024.0 / 1024.0;
        String found =
                "%.1f GiB available, a drill needs %.1f".formatted(availableGib, DRILL_MEMORY_GIB);
        return availableGib >= DRILL_MEMORY_GIB
                ? ok("memory", found)
                : new MachineCheck(
                        "memory", Outcome.MISSING, found, "stop something, then look again.");
    }

    private static String readMemoryInfo() {
        try {
            return Files.readString(Path.of("/proc/meminfo"));
        } catch (IOException e) {
            return "";
        }
    }

    private static MachineCheck addresses() {
        for (String address : LOOPBACK) {
            try (var socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
            } catch (IOException e) {
                return new MachineCheck(
                        "addresses",
                        Outcome.MISSING,
                        "cannot listen on %s: %s".formatted(address, e.getMessage()),
                        "the drill's servers use 127.77.0.0/16; `ip addr show lo` shows what loopback has.");
            }
        }
        return ok("addresses", "can listen on 127.77.0.0/16");
    }

    private static MachineCheck ok(String name, String found) {
        return new MachineCheck(name, Outcome.OK, found, "");
    }
}
