package io.backstay.cli.drill;

import io.backstay.change.evidence.Evidence;
import io.backstay.node.agent.DatabaseOperations;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import io.backstay.rollout.run.RunEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The rehearsal of `reinstall-spares`: the change on the twin's empty host, its repetition as the
/// way back, a controller that dies, and what must be refused.
final class SparesRehearsal {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Stage stage;
    private final Twin twin;
    private final ChangeCase change;

    SparesRehearsal(Stage stage, Twin twin, ChangeCase change) {
        this.stage = stage;
        this.twin = twin;
        this.change = change;
    }

    String run() throws Exception {
        Instant started = stage.time.now();
        String runId = "rehearsal-spares-" + started.toEpochMilli();
        twin.rebuild();
        change.openForRehearsal();
        List<Evidence.NegativeControl> controls =
                new NegativeControls(stage, twin, change, runId).run();
        Evidence.Fault fault = controllerDies(runId);
        long clock = System.nanoTime();
        RunEnd end =
                new LiveRun(stage, twin.fleet(), change, runId, _ -> "")
                        .onTwin(twin::twinOf, stage.room.hosts())
                        .run();
        long changeMillis = (System.nanoTime() - clock) / 1_000_000;
        clock = System.nanoTime();
        Outcome again = ask(runId + "/back-out");
        long backOutMillis = (System.nanoTime() - clock) / 1_000_000;
        boolean passed =
                end instanceof RunEnd.Completed
                        && again instanceof Outcome.Done
                        && fault.pass()
                        && controls.stream().allMatch(Evidence.NegativeControl::refused);
        Instant ended = stage.time.now();
        change.sign(
                new Evidence(
                        runId,
                        KeyRing.RUNNER,
                        new Evidence.Tool("0.1.0", ""),
                        started,
                        ended,
                        new Evidence.Twin(List.of(Stage.OLD), 1, 4, 0),
                        1,
                        List.of(
                                new Evidence.StepTime(
                                        "reinstall",
                                        end.getClass().getSimpleName(),
                                        changeMillis,
                                        backOutMillis)),
                        0,
                        List.of(fault),
                        controls,
                        new Evidence.Backout(
                                again instanceof Outcome.Done,
                                backOutMillis,
                                0,
                                ended.plus(Duration.ofDays(1))),
                        new Evidence.Restore(
                                true,
                                Duration.ofMillis(
                                        Long.parseLong(
                                                stage.record.requireNote(ActOne.RESTORE_MILLIS))),
                                0),
                        List.of(),
                        passed ? Evidence.Result.PASSED : Evidence.Result.FAILED,
                        passed ? "" : "%s, %s, fault %s".formatted(end, again, fault.observed()),
                        ended.plus(Duration.ofDays(1)),
                        stage.room.ledger().head().line()));
        return "%s in %d ms; %d of %d controls refused; evidence %s"
                .formatted(
                        end.getClass().getSimpleName(),
                        changeMillis,
                        controls.stream().filter(Evidence.NegativeControl::refused).count(),
                        controls.size(),
                        passed ? "PASSED" : "FAILED");
    }

    /// The controller dies between the challenge and its answer: the host must do nothing.
    private Evidence.Fault controllerDies(String runId) throws Exception {
        long clock = System.nanoTime();
        Outcome outcome;
        try (AutoCloseable _ =
                stage.room.misbehave(
                        (_, _, _) -> {
                            throw new IllegalStateException("the controller died");
                        })) {
            outcome = ask(runId + "/fault");
        }
        boolean untouched =
                outcome instanceof Outcome.Refused
                        && !java.nio.file.Files.exists(
                                twin.spare().database().folders().data().resolve("fresh-install"));
        change.write(
                "fault.injected", Map.of("id", "kill-controller", "observed", outcome.toString()));
        return new Evidence.Fault(
                "kill-controller",
                "the host refuses and is untouched",
                untouched ? "refused, untouched" : outcome.toString(),
                (System.nanoTime() - clock) / 1_000_000,
                untouched);
    }

    private Outcome ask(String effectId) {
        return stage.room
                .hosts()
                .perform(
                        twin.spare().name(),
                        Offer.of(
                                effectId,
                                change.directory().digest(),
                                DatabaseOperations.REINSTALL,
                                Map.of()),
                        DEADLINE);
    }
}
