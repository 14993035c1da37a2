package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.Target;
import java.nio.file.Path;
import java.util.List;

/// A command's argument list with `{target}` in it: never a shell string, never the target's own
/// path.
record CommandTemplate(List<String> arguments) {
    static final String PLACE = "{target}";

    /// @throws Problem if `{target}` is missing, is the program itself, or the target's path stands
    ///   beside it
    static CommandTemplate of(List<String> arguments, Target target) {
        if (arguments.stream().noneMatch(argument -> argument.contains(PLACE))) {
            throw usage("the command does not hold {target}");
        }
        if (arguments.getFirst().contains(PLACE)) {
            throw usage("the program itself cannot lie in the target");
        }
        if (target instanceof Target.PathTarget(Path path)) {
            for (String argument : arguments) {
                if (names(argument, path)) {
                    throw usage(
                            "the command names the target's own path beside {target}: " + argument);
                }
            }
        }
        return new CommandTemplate(List.copyOf(arguments));
    }

    List<String> at(Path held) {
        return arguments.stream()
                .map(argument -> argument.replace(PLACE, held.toString()))
                .toList();
    }

    /// Also in the middle of an argument, and by a relative path.
    private static boolean names(String argument, Path target) {
        if (argument.contains(target.toString())) {
            return true;
        }
        String value = argument.substring(argument.indexOf('=') + 1);
        return value.indexOf('\0') < 0
                && Path.of(value).toAbsolutePath().normalize().startsWith(target);
    }

    private static Problem usage(String what) {
        return new Problem(
                ErrorCode.USAGE,
                what,
                "write the folder as {target} wherever the command needs it, and nowhere else.");
    }
}
