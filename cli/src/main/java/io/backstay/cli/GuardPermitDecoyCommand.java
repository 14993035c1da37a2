package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.guard.Guard;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "decoy",
        description =
                "The decoy drill: ask, with a valid permit, for something known to be live. Anything but"
                        + " a refusal stops all permits of this host.",
        footer = {
            "",
            "Meant to run unannounced: packaging/systemd has a timer with a random delay. Run as root.",
            "Exit codes: 0 refused, as it must be; 1 not refused: permits are stopped."
        })
final class GuardPermitDecoyCommand implements Callable<Integer> {
    private static final Duration BUDGET = Duration.ofSeconds(60);

    @Mixin private Console console = new Console();
    @Mixin private GuardStateOption state = new GuardStateOption();

    @Override
    public Integer call() {
        try (var journal = GuardJournal.open(state.requireForLedger())) {
            Guard guard =
                    OwnProgram.thatLooks()
                            .map(words -> Guard.inChild(words, state.folder(), BUDGET))
                            .orElseGet(() -> Guard.ofThisHost(BUDGET));
            var drill = new DecoyDrill(journal, state.folder(), state.view(), guard);
            DecoyDrill.Result result = drill.run(drill::attempt);
            console.result(
                    (result.isRefused()
                                    ? "REFUSED, as it must be: "
                                    : "NOT REFUSED, permits are stopped: ")
                            + result.why(),
                    () ->
                            Map.of(
                                    "schemaVersion",
                                    1,
                                    "refused",
                                    result.isRefused(),
                                    "why",
                                    result.why()));
            return result.isRefused() ? 0 : ErrorCode.FAILED.exitCode();
        }
    }
}
