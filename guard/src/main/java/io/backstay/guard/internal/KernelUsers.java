package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the kernel itself reads and writes, with no process behind it: swap areas, and what loop
/// and zram devices are made of. Source: proc(5), `/proc/swaps`; sysfs, `block/loopN/loop`.
///
/// @param name the file or device, as it was called when it was given to the kernel
/// @param by what uses it
record KernelUsers(String name, boolean deleted, String by) {
    private static final String DELETED = " (deleted)";

    /// @param root `/`, or where a control has planted its own `proc` and `sys`
    static List<KernelUsers> read(Path root) throws CannotLookException {
        if (root.equals(Path.of("/"))) {
            requireKernelsOwn(Mount.own());
        }
        var users = new ArrayList<KernelUsers>();
        try {
            String[] swaps = text(root.resolve("proc/swaps")).split("\n");
            if (!swaps[0].startsWith("Filename")) {
                throw new IOException("unknown form: " + swaps[0]);
            }
            for (int i = 1; i < swaps.length; i++) {
                users.add(user(Mount.unescape(swaps[i].split("\\s+")[0]), "swap"));
            }
        } catch (IOException e) {
            // a kernel without swap has no such file
            if (!(e instanceof NoSuchFileException)) {
                throw unreadable(e);
            }
        }
        try (DirectoryStream<Path> devices =
                Files.newDirectoryStream(root.resolve("sys/block"), "{loop,zram}*")) {
            for (Path device : devices) {
                for (String file : List.of("loop/backing_file", "backing_dev")) {
                    String by = String.valueOf(device.getFileName());
                    String name = textIfThere(device.resolve(file));
                    if (!name.isEmpty() && !name.equals("none")) {
                        users.add(user(name, by));
                    }
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return List.copyOf(users);
    }

    /// An empty folder in their place would say that nothing is used.
    static void requireKernelsOwn(List<Mount> own) throws CannotLookException {
        Mount.requireType(own, "/proc/swaps", "proc");
        Mount.requireType(own, "/sys/block", "sysfs");
    }

    private static KernelUsers user(String name, String by) {
        boolean deleted = name.endsWith(DELETED);
        return new KernelUsers(
                deleted ? name.substring(0, name.length() - DELETED.length()) : name, deleted, by);
    }

    private static String textIfThere(Path file) throws IOException {
        try {
            return text(file).stripTrailing();
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            if (Files.exists(file.resolveSibling("offset"))) {
                throw e;
            }
            return ""; // detached meanwhile
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private static CannotLookException unreadable(IOException e) {
        return new CannotLookException(
                "what the kernel uses cannot be read: " + e.getMessage(), "mount /proc and /sys");
    }
}
