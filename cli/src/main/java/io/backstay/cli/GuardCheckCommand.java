package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.guard.GuardAnswer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "check",
        description =
                "Look for live data, and users of it, at a folder, a device or all of this machine."
                        + " Changes nothing.",
        footer = {
            "",
            "Run as root: what may not be read is blind, and refuses.",
            "Exit codes: 0 cleared, 2 usage, 3 refused."
        })
final class GuardCheckCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private GuardTargetOptions options = new GuardTargetOptions();

    @Override
    public Integer call() {
        GuardAnswer answer = options.guard().check(options.request());
        if (console.isJson()) {
            console.resultJson(answer.toJson());
        } else {
            console.line(answer.text().stripTrailing());
        }
        return answer.isCleared() ? 0 : ErrorCode.REFUSED.exitCode();
    }
}
