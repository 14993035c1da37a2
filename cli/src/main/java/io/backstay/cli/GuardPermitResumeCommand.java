package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "resume",
        description = "Let permits be good again, after a decoy drill that was not refused.",
        footer = "%nExit codes: 0 good again, 2 usage: they were not stopped.")
final class GuardPermitResumeCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private GuardStateOption state = new GuardStateOption();

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "What was found and put right; it is written down.")
    private String reason = "";

    @Override
    public Integer call() {
        try (var journal = GuardJournal.open(state.requireForLedger())) {
            if (journal.permits().stopped().isEmpty() || reason.isBlank()) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "permits are not stopped here, or no reason was given",
                        "`backstay ledger show` tells what was done here.");
            }
            journal.permits().resume(reason);
        }
        console.result("RESUMED", () -> Map.of("schemaVersion", 1, "resumed", true));
        return 0;
    }
}
