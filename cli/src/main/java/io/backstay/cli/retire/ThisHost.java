package io.backstay.cli.retire;

import io.backstay.doors.Commands;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.retire.HostServices;
import io.backstay.guard.retire.StartCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// systemd where the server is one of its services, else the very command that the server was
/// started with; discovery by a program of the operator's.
///
/// @param discovery run as `PROGRAM out` and `PROGRAM in`; 0 is success
public record ThisHost(Optional<Path> discovery) implements HostServices {
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    @Override
    public boolean stop(StartCommand command) {
        if (command.unit().isEmpty()) {
            return false;
        }
        run("stop the service", List.of("systemctl", "stop", command.unit()));
        return true;
    }

    @Override
    public void start(StartCommand command) {
        if (!command.unit().isEmpty()) {
            run("start the service", List.of("systemctl", "start", command.unit()));
            return;
        }
        var words =
                new ArrayList<>(
                        List.of(
                                "setsid",
                                "setpriv",
                                "--reuid=" + command.uid(),
                                "--regid=" + command.gid(),
                                "--clear-groups",
                                "--"));
        words.addAll(command.words());
        var builder = new ProcessBuilder(words);
        builder.directory(Path.of(command.folder()).toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
        try {
            builder.start();
        } catch (IOException e) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "the server cannot be started again: " + e.getMessage(),
                    "setsid and setpriv belong to the package util-linux; or start it by hand, then --undo again.",
                    e);
        }
    }

    @Override
    public void leaveDiscovery() {
        tell("out");
    }

    @Override
    public void returnToDiscovery() {
        tell("in");
    }

    private void tell(String word) {
        discovery.ifPresent(program -> run("tell discovery", List.of(program.toString(), word)));
    }

    @Override
    public String discoverySays() {
        return discovery
                .map(program -> "told by " + program)
                .orElse("none is configured, so nothing was told that this host goes");
    }

    private static void run(String what, List<String> command) {
        Commands.Result result = Commands.run(command, null, DEADLINE);
        if (result.timedOut() || result.exit() != 0) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "cannot %s: expected exit 0 of `%s`, found %s: %s"
                            .formatted(
                                    what,
                                    String.join(" ", command),
                                    result.timedOut() ? "no end" : result.exit(),
                                    result.err().strip()),
                    "run it by hand.");
        }
    }
}
