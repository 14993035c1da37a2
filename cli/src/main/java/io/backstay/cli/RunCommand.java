package io.backstay.cli;

import io.backstay.guard.GuardedAct;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/// The user's command, run to its end on the held folder.
final class RunCommand implements GuardedAct.Act {
    private final CommandTemplate template;
    private final boolean isJson;
    private OptionalInt exit = OptionalInt.empty();

    /// @param isJson standard output is one document: what the command says goes to standard error
    RunCommand(CommandTemplate template, boolean isJson) {
        this.template = template;
        this.isJson = isJson;
    }

    @Override
    public boolean run(Path held) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(template.at(held)).inheritIO();
        if (isJson) {
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(new File("/dev/stderr")));
        }
        exit = OptionalInt.of(builder.start().waitFor());
        return exit.getAsInt() == 0;
    }

    /// Empty if it was not started.
    OptionalInt exit() {
        return exit;
    }
}
