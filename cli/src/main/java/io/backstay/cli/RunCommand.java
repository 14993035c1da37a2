package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.kernel.ChildPlan;
import io.backstay.doors.kernel.KernelRefusedException;
import io.backstay.guard.GuardedAct;
import io.backstay.guard.HeldCommand;
import io.backstay.guard.Interlock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The user's command, run to its end on the held target. It inherits all that is held, and this
/// program's environment without its password.
///
/// What ends this program (Ctrl-C, SIGTERM) is passed on to the command, whose end is then waited
/// for and written down as ever: [#endSoon].
final class RunCommand implements GuardedAct.Act {
    private static final String PASSWORD = "BACKSTAY_PASSWORD";

    private final CommandTemplate template;
    private final boolean isJson;
    private final boolean claimsItself;
    private Optional<HeldCommand> running = Optional.empty();
    private OptionalInt exit = OptionalInt.empty();
    private boolean isToEnd;

    /// @param isJson standard output is one document: what the command says goes to standard error
    /// @param claimsItself it claims its device, so the guard's own claim must end at its start
    RunCommand(CommandTemplate template, boolean isJson, boolean claimsItself) {
        this.template = template;
        this.claimsItself = claimsItself;
        this.isJson = isJson;
    }

    @Override
    public boolean isCommand() {
        return true;
    }

    @Override
    public boolean claimsItself() {
        return claimsItself;
    }

    @Override
    public boolean run(Interlock hold) {
        HeldCommand command = start(hold);
        int code = command.await();
        exit = OptionalInt.of(code);
        return code == 0;
    }

    private synchronized HeldCommand start(Interlock hold) {
        if (isToEnd) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "told to end before the command was started",
                    "run it again; a folder has its name back.");
        }
        try {
            HeldCommand command =
                    HeldCommand.start(
                            hold,
                            template.at(hold.pathInCommand()),
                            environment(),
                            isJson ? ChildPlan.Streams.OUTPUT_TO_ERROR : ChildPlan.Streams.SHARED);
            running = Optional.of(command);
            return command;
        } catch (KernelRefusedException e) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "the command could not be started: " + e.getMessage(),
                    "look whether the program is on the PATH and may be executed.",
                    e);
        }
    }

    private static Map<String, String> environment() {
        var environment = new HashMap<>(System.getenv());
        environment.remove(PASSWORD);
        return environment;
    }

    /// Tells the command to end, or keeps it from being started.
    synchronized void endSoon() {
        isToEnd = true;
        running.ifPresent(HeldCommand::terminate);
    }

    /// Empty if it was not started.
    OptionalInt exit() {
        return exit;
    }
}
