package io.backstay.guard;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;

/// What is to be destroyed: a folder, a block device, or a whole host.
///
/// On a shared kernel the target is a path. A host is one with a kernel of its own.
public sealed interface Target {

    /// As it was written: `path:/srv/mysql`, `device:/dev/sdb`, `host`.
    String text();

    /// A folder, absolute, without links on the way.
    record PathTarget(Path path) implements Target {
        @Override
        public String text() {
            return "path:" + path;
        }
    }

    record DeviceTarget(String device) implements Target {
        @Override
        public String text() {
            return "device:" + device;
        }
    }

    record HostTarget() implements Target {
        @Override
        public String text() {
            return "host";
        }
    }

    int TYPE_BITS = 0xf000;
    int BLOCK_DEVICE = 0x6000;

    /// Folders of the machine itself. Neither they nor a folder directly below the root may be a
    /// target.
    Set<String> MACHINE_FOLDERS =
            Set.of(
                    "/usr/bin",
                    "/usr/lib",
                    "/usr/local",
                    "/usr/sbin",
                    "/usr/share",
                    "/var/cache",
                    "/var/lib",
                    "/var/log",
                    "/var/run",
                    "/var/spool",
                    "/var/tmp");

    /// Reads a target.
    ///
    /// Throws a usage [Problem] for anything that could mean more, or something else, than was
    /// meant: empty, relative, `..`, glob characters, a folder of the machine, a symbolic link at
    /// any place of the path. A folder that does not exist parses; the guard then cannot look.
    static Target parse(String text) {
        Target target = named(text);
        switch (target) {
            case PathTarget(Path path) -> requireNoLinks(text, path, true);
            case DeviceTarget(String device) -> requireDevice(text, Path.of(device));
            case HostTarget _ -> {}
        }
        return target;
    }

    /// The same without a look at any disk: for who has another process look, which parses it.
    static Target named(String text) {
        if (text.equals("host")) {
            return new HostTarget();
        }
        if (text.startsWith("device:")) {
            return new DeviceTarget(device(text, text.substring("device:".length())));
        }
        if (!text.startsWith("path:")) {
            throw nonsense(text, "expected path:/absolute/folder, device:/dev/NAME or host");
        }
        return new PathTarget(folder(text, text.substring("path:".length())));
    }

    private static String device(String text, String name) {
        if (!name.matches("/dev/[A-Za-z0-9._:+@=-]+(/[A-Za-z0-9._:+@=-]+)*")
                || name.contains("/..")
                || name.contains("/./")) {
            throw nonsense(text, "expected one device, as in device:/dev/sdb");
        }
        return name;
    }

    private static void requireDevice(String text, Path path) {
        requireNoLinks(text, path, false);
        try {
            int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if ((mode & TYPE_BITS) != BLOCK_DEVICE) {
                throw nonsense(text, path + " is not a block device");
            }
        } catch (IOException e) {
            throw nonsense(text, path + " is not there");
        }
    }

    private static Path folder(String text, String name) {
        if (name.isBlank()) {
            throw nonsense(text, "the folder's name is empty");
        }
        if (!name.startsWith("/")) {
            throw nonsense(text, "the folder is not absolute");
        }
        if (name.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw nonsense(text, "the folder's name holds control characters");
        }
        if (name.chars().anyMatch(c -> "*?[]{}~$".indexOf(c) >= 0)) {
            throw nonsense(
                    text,
                    "the folder's name holds pattern characters; patterns are never expanded");
        }
        Path path = Path.of(name);
        for (Path part : path) {
            if (part.toString().equals("..") || part.toString().equals(".")) {
                throw nonsense(text, "the folder's name holds '" + part + "'");
            }
        }
        if (path.getNameCount() < 2 || MACHINE_FOLDERS.contains(path.toString())) {
            throw nonsense(text, "that is a folder of the machine itself");
        }
        return path;
    }

    private static void requireNoLinks(String text, Path path, boolean isFolder) {
        Path root = path.getRoot();
        for (int parts = 1; root != null && parts <= path.getNameCount(); parts++) {
            Path part = root.resolve(path.subpath(0, parts));
            if (Files.isSymbolicLink(part)) {
                throw nonsense(text, part + " is a symbolic link");
            }
            if (isFolder
                    && parts == path.getNameCount()
                    && Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
                if (!Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)) {
                    throw nonsense(text, part + " is not a folder");
                }
                try {
                    if (!part.toRealPath().equals(part)) {
                        throw nonsense(text, part + " is really " + part.toRealPath());
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static Problem nonsense(String text, String why) {
        return new Problem(
                ErrorCode.USAGE,
                "target '" + text + "' cannot be used: " + why,
                "name one real folder by its full path, as in `--target path:/srv/mysql/data`.");
    }
}
