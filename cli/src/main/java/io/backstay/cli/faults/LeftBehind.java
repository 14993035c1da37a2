package io.backstay.cli.faults;

import io.backstay.doors.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What of a drill is still there: mounts, loop devices, processes that name its folder.
final class LeftBehind {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private LeftBehind() {}

    /// Mount points below a folder, innermost last.
    static List<String> mounts(Path folder) {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .map(line -> line.split(" ")[4])
                    .filter(point -> point.startsWith(folder + "/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Takes away what can be taken away.
    ///
    /// @return everything that was found, a sentence each
    static List<String> sweep(Path folder) {
        var found = new ArrayList<String>();
        for (String point : mounts(folder).reversed()) {
            found.add("the mount " + point);
            Commands.run(List.of("umount", "-l", point), null, DEADLINE);
        }
        for (Path device : loopDevices(folder)) {
            found.add("the loop device " + device);
            Commands.run(List.of("losetup", "-d", device.toString()), null, DEADLINE);
        }
        return found;
    }

    /// Processes whose command line names the folder, this one left out.
    static List<String> processes(Path folder) {
        long own = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != own)
                .filter(process -> commandLine(process.pid()).contains(folder + "/"))
                .map(process -> "the process " + process.pid())
                .toList();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(
                    Path.of("/proc/" + pid + "/cmdline"),
                    java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    private static List<Path> loopDevices(Path folder) {
        var devices = new ArrayList<Path>();
        try (Stream<Path> blocks = Files.list(Path.of("/sys/block"))) {
            for (Path block : blocks.toList()) {
                Path backing = block.resolve("loop/backing_file");
                if (Files.exists(backing) && Files.readString(backing).startsWith(folder + "/")) {
                    devices.add(Path.of("/dev").resolve(block.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return devices;
    }
}
