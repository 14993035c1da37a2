package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One line of `/proc/PID/mountinfo`. Source: proc(5).
///
/// @param root the folder inside its file system that is mounted
/// @param point where it is mounted, as the process sees it
/// @param source the device, folder or word that it was mounted from
/// @param options of the file system itself
record Mount(
        int id,
        int parent,
        long device,
        String root,
        String point,
        String type,
        String source,
        String options) {
    private static final Set<String> LAYERS = Set.of("lowerdir", "upperdir", "workdir");

    static List<Mount> parse(String mountinfo) {
        var mounts = new ArrayList<Mount>();
        for (String line : mountinfo.split("\n")) {
            if (line.isEmpty()) {
                continue;
            }
            String[] fields = line.split(" ");
            int separator = 6;
            while (!fields[separator].equals("-")) {
                separator++;
            }
            String[] device = fields[2].split(":");
            mounts.add(
                    new Mount(
                            Integer.parseInt(fields[0]),
                            Integer.parseInt(fields[1]),
                            FileKey.device(
                                    Integer.parseInt(device[0]), Integer.parseInt(device[1])),
                            unescape(fields[3]),
                            unescape(fields[4]),
                            fields[separator + 1],
                            unescape(fields[separator + 2]),
                            fields.length > separator + 3 ? unescape(fields[separator + 3]) : ""));
        }
        return List.copyOf(mounts);
    }

    /// The mount that a path lies on: the longest mount point before it, the later one of two.
    static Optional<Mount> of(List<Mount> mounts, String path) {
        Mount best = null;
        for (Mount mount : mounts) {
            if (isAtOrBelow(path, mount.point)
                    && (best == null || mount.point.length() >= best.point.length())) {
                best = mount;
            }
        }
        return Optional.ofNullable(best);
    }

    /// A path as its file system has it, whatever is mounted where; empty if it lies on another
    /// device than expected.
    static Optional<String> inside(List<Mount> mounts, String path, long device) {
        Mount best = null;
        for (Mount mount : mounts) {
            if (mount.device == device
                    && isAtOrBelow(path, mount.point)
                    && (best == null || mount.point.length() >= best.point.length())) {
                best = mount;
            }
        }
        return best == null
                ? Optional.empty()
                : Optional.of(join(best.root, path.substring(skip(best.point))));
    }

    static boolean isAtOrBelow(String path, String folder) {
        return path.equals(folder)
                || folder.equals("/")
                || path.startsWith(folder.endsWith("/") ? folder : folder + "/");
    }

    static String join(String root, String rest) {
        String tail = rest.startsWith("/") || rest.isEmpty() ? rest : "/" + rest;
        String joined = root.equals("/") ? tail : root + tail;
        return joined.isEmpty() ? "/" : joined;
    }

    private static int skip(String point) {
        return point.equals("/") ? 0 : point.length();
    }

    /// The folders of other file systems that this one shows: an overlay's layers, or what a file
    /// system in user space was started on.
    List<String> folders() {
        var folders = new ArrayList<String>();
        if (source.startsWith("/")) {
            folders.add(source);
        }
        if (type.equals("overlay")) {
            for (String option : options.split("(?<!\\\\),")) {
                int equals = option.indexOf('=');
                String name = equals < 0 ? "" : option.substring(0, equals).replace("+", "");
                if (LAYERS.contains(name)) {
                    for (String layer : option.substring(equals + 1).split("(?<!\\\\):+")) {
                        folders.add(layer.replaceAll("\\\\(.)", "$1"));
                    }
                }
            }
        }
        return folders;
    }

    /// That a folder of the kernel's own is what it is called, and nothing was mounted over it.
    static void requireType(List<Mount> mounts, String path, String type)
            throws CannotLookException {
        String found = of(mounts, path).map(Mount::type).orElse("nothing");
        if (!found.equals(type)) {
            throw new CannotLookException(
                    "%s is not the kernel's: expected a mount of type %s there, found %s"
                            .formatted(path, type, found),
                    "mount it, or unmount what covers it");
        }
    }

    /// Mounts of this process.
    static List<Mount> own() throws CannotLookException {
        try {
            return parse(Files.readString(Path.of("/proc/self/mountinfo")));
        } catch (IOException e) {
            throw new CannotLookException("/proc cannot be read: " + e.getMessage(), "mount /proc");
        }
    }

    static String unescape(String field) {
        var text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && i + 3 < field.length()) {
                text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                text.append(field.charAt(i));
            }
        }
        return text.toString();
    }
}
