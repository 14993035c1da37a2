package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A command's argument list with `{target}` in it: never a shell string, never the target's own
/// path.
record CommandTemplate(List<String> arguments) {
    static final String PLACE = "{target}";

    /// @throws Problem if `{target}` is missing, or is the program itself
    static CommandTemplate of(List<String> arguments) {
        if (arguments.stream().noneMatch(argument -> argument.contains(PLACE))) {
            throw usage("the command does not hold {target}");
        }
        if (arguments.getFirst().contains(PLACE)) {
            throw usage("the program itself cannot lie in the target");
        }
        return new CommandTemplate(List.copyOf(arguments));
    }

    /// @throws Problem if the target's own path stands in the command
    static void requireUnnamed(List<String> arguments, Target target) {
        for (String argument : arguments) {
            boolean isNamed =
                    switch (target) {
                        case Target.PathTarget(Path path) -> names(argument, path);
                        case Target.DeviceTarget(String device) ->
                                DeviceCommand.names(argument, Path.of(device));
                        case Target.HostTarget _ -> false;
                    };
            if (isNamed) {
                throw usage("the command names the target's own path beside {target}: " + argument);
            }
        }
    }

    List<String> at(Path held) {
        return arguments.stream()
                .map(argument -> argument.replace(PLACE, held.toString()))
                .toList();
    }

    /// Under whatever spelling: in the middle of an argument, behind `=`, `:` or `,`, relative,
    /// with `..`, through a link or another mount of the same folder.
    private static boolean names(String argument, Path target) {
        if (argument.contains(target.toString())) {
            return true;
        }
        for (String part : argument.split("[=:,]")) {
            if (part.indexOf('\0') < 0 && isAtOrBelow(Path.of(part).toAbsolutePath(), target)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAtOrBelow(Path path, Path target) {
        if (path.normalize().startsWith(target)) {
            return true;
        }
        if (!Files.exists(target)) {
            return false; // no name leads to what is not there
        }
        // the kernel's own reading of links and `..`, as far as the path exists
        Path there = path;
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        try {
            for (Path real = there.toRealPath(); real != null; real = real.getParent()) {
                if (Files.isSameFile(real, target)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return true; // where it leads is not known, so it may lead there
        }
    }

    private static Problem usage(String what) {
        return new Problem(
                ErrorCode.USAGE,
                what,
                "write the target as {target} wherever the command needs it, and nowhere else.");
    }
}
