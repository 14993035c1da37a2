package io.backstay.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a command line tells about how its program treats a block device.
///
/// Tried with e2fsprogs 1.47 and util-linux 2.38: these programs open it exclusively themselves,
/// and fail with “busy” while somebody else has claimed it.
final class DeviceCommand {
    private static final Set<String> CLAIM_ALWAYS = Set.of("mke2fs", "mkswap");
    private static final Set<String> CLAIM_UNLESS_FORCED = Set.of("wipefs", "blkdiscard");
    private static final Set<String> FORCE = Set.of("-f", "--force");

    private DeviceCommand() {}

    static boolean claimsItself(List<String> command) {
        String program = String.valueOf(Path.of(command.getFirst()).getFileName());
        return CLAIM_ALWAYS.contains(program)
                || program.equals("mkfs")
                || program.startsWith("mkfs.")
                || (CLAIM_UNLESS_FORCED.contains(program)
                        && command.stream().noneMatch(FORCE::contains));
    }

    /// Whether a word of a command leads to the device, under whatever name.
    static boolean names(String argument, Path device) {
        if (argument.contains(device.toString())) {
            return true;
        }
        Object number = number(device);
        for (String part : argument.split("[=:,]")) {
            if (part.indexOf('\0') < 0 && number != null && number.equals(number(Path.of(part)))) {
                return true;
            }
        }
        return false;
    }

    /// Null if it is no device, or not there.
    private static @Nullable Object number(Path path) {
        try {
            Path real = path.toRealPath();
            int mode = (Integer) Files.getAttribute(real, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return (mode & 0xf000) == 0x6000 ? Files.getAttribute(real, "unix:rdev") : null;
        } catch (IOException e) {
            return null;
        }
    }
}
