package io.backstay.cli.drill;

import io.backstay.change.evidence.BreakGlass;
import io.backstay.change.evidence.Evidence;
import io.backstay.change.gate.GateVerdict;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.node.agent.DatabaseOperations;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import io.backstay.rollout.run.RunEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The bad change: "reinstall every host without active data", by a script with one subtle bug.
///
/// Rehearsed without and with the guard, denied by the gate, pushed past it, refused by every live
/// host. Then the same work said exactly is allowed, and done.
final class ActTwo implements Act {
    private static final Duration GUARD_DEADLINE = Duration.ofSeconds(60);

    @Override
    public int number() {
        return 2;
    }

    @Override
    public boolean needsRoot() {
        return true;
    }

    @Override
    public String title() {
        return "The bad change: reinstall idle hosts";
    }

    @Override
    public void play(Stage stage) throws Exception {
        try (Twin twin = Twin.open(stage)) {
            for (String bug : stage.options.bugs()) {
                play(stage, twin, bug);
            }
            spares(stage, twin);
        }
    }

    private void play(Stage stage, Twin twin, String bug) throws Exception {
        ChangeFiles.writeIdle(stage.folders.changes(), bug, stage.options.clusters());
        ChangeCase change = ChangeCase.resolve(stage, ChangeFiles.IDLE, Optional.empty());
        stage.step(
                "build the twin for the bug " + bug,
                () -> {
                    twin.rebuild();
                    return "3 servers with %,d rows, 1 empty host"
                            .formatted(twin.rows(twin.cluster().members().getFirst()));
                });
        var controls = new ArrayList<Evidence.NegativeControl>();
        stage.step(
                "rehearse with the guard in front (" + bug + ")",
                () -> {
                    change.openForRehearsal();
                    return guarded(stage, twin, change, bug, controls);
                });
        stage.step(
                "rehearse as it would run without Backstay (" + bug + ")",
                () -> unguarded(stage, twin, change, bug, controls));
        stage.step(
                "ask the gate (" + bug + ")",
                () -> {
                    GateVerdict verdict = change.gate(Optional.empty(), Optional.empty());
                    stage.record.note("gate." + bug, verdict.text());
                    stage.claims.check(
                            2,
                            "gate-denies",
                            "the gate denies a change whose rehearsal failed and that nobody approved",
                            Integer.toString(verdict.denied().size()),
                            "rules deny",
                            !verdict.isAllowed());
                    verdict.text().lines().forEach(stage.talk()::found);
                    return "DENIED by " + String.join(", ", verdict.denied());
                });
        stage.step(
                "push it past the gate by break-glass (" + bug + ")",
                () -> pushed(stage, change, bug));
    }

    /// The script decides, the reinstallation follows: hosts destroyed and rows gone are counted.
    private String unguarded(
            Stage stage,
            Twin twin,
            ChangeCase change,
            String bug,
            List<Evidence.NegativeControl> controls) {
        long rowsBefore = 0;
        int destroyed = 0;
        int members = 0;
        for (EmbeddedHost host : twin.fleet().hosts().toList()) {
            boolean isLive = host.server().isRunning();
            long rows = isLive ? twin.rows(host) : 0;
            if (stage.scripts.callsIdle(host)) {
                // as the machine would be: switched off, then laid down anew
                host.server().kill();
                stage.scripts.reinstall(host.database().folders().data());
                destroyed += isLive ? 1 : 0;
                rowsBefore += rows;
            }
            members += isLive ? 1 : 0;
        }
        int gone = destroyed;
        long rowsGone = rowsBefore;
        Instant now = stage.time.now();
        change.sign(
                new Evidence(
                        "rehearsal-idle-" + bug,
                        KeyRing.RUNNER,
                        new Evidence.Tool("0.1.0", ""),
                        now,
                        now,
                        new Evidence.Twin(List.of(Stage.OLD), 1, 4, rowsGone),
                        1,
                        List.of(),
                        -1,
                        List.of(),
                        controls,
                        new Evidence.Backout(false, -1, rowsGone, now),
                        new Evidence.Restore(false, Duration.ZERO, 0),
                        List.of(),
                        Evidence.Result.FAILED,
                        "the script called %d of %d live hosts idle; without the guard %d hosts and %,d rows would be gone"
                                .formatted(gone, members, gone, rowsGone),
                        now.plus(Duration.ofDays(1)),
                        stage.room.ledger().head().line()));
        change.write(
                "rehearsal.failed",
                Map.of(
                        "bug",
                        bug,
                        "hostsDestroyed",
                        gone,
                        "rowsGone",
                        rowsGone,
                        "liveHosts",
                        members));
        stage.claims.check(
                2,
                "bug-is-real-" + bug,
                "without Backstay the bug `"
                        + bug
                        + "` destroys live hosts of the twin ("
                        + rowsGone
                        + " rows)",
                Integer.toString(gone),
                "hosts",
                gone > 0);
        return "the script called %d live hosts idle: %d hosts, %,d rows gone; evidence FAILED"
                .formatted(gone, gone, rowsGone);
    }

    /// The same with the guard in front: every live host refuses, the empty one is cleared.
    private String guarded(
            Stage stage,
            Twin twin,
            ChangeCase change,
            String bug,
            List<Evidence.NegativeControl> controls) {
        int refused = 0;
        int live = 0;
        boolean isSpareCleared = false;
        for (EmbeddedHost host : twin.fleet().hosts().toList()) {
            Offer offer =
                    Offer.of(
                            "rehearsal-idle/%s/%d/%s"
                                    .formatted(bug, stage.time.sinceBoot().toMillis(), host.name()),
                            change.directory().digest(),
                            DatabaseOperations.REINSTALL,
                            Map.of());
            Outcome outcome = stage.room.hosts().perform(host.name(), offer, GUARD_DEADLINE);
            if (host.isSpare()) {
                isSpareCleared = outcome instanceof Outcome.Done;
                continue;
            }
            live++;
            String reason = outcome instanceof Outcome.Refused no ? findLife(no).orElse("") : "";
            refused += reason.isEmpty() ? 0 : 1;
            controls.add(
                    new Evidence.NegativeControl("live-" + host.name(), !reason.isEmpty(), reason));
            change.write(
                    "negative.control",
                    Map.of(
                            "id",
                            "live-" + host.name(),
                            "refused",
                            !reason.isEmpty(),
                            "reason",
                            reason));
        }
        boolean stillServe =
                twin.cluster().members().stream().allMatch(member -> member.server().isRunning());
        stage.claims.check(
                2,
                "guard-refuses-" + bug,
                "with the guard in front every live host of the twin refuses, and the empty one is cleared",
                "%d of %d".formatted(refused, live),
                "refused",
                refused == live && isSpareCleared && stillServe);
        return "%d of %d live hosts refused, the empty host was %s"
                .formatted(refused, live, isSpareCleared ? "cleared" : "NOT cleared");
    }

    /// The first probe that saw life. A host that refuses for its permit, or because it could not
    /// look, has not seen that it is live.
    private static Optional<String> findLife(Outcome.Refused refused) {
        return refused.reasons().stream()
                .filter(reason -> reason.finding().equals("live"))
                .map(Outcome.Reason::probe)
                .findFirst();
    }

    /// On the live fleet: the first refusal freezes the run; then every live host is asked, one by
    /// one.
    private String pushed(Stage stage, ChangeCase change, String bug) throws Exception {
        Instant begun = stage.time.now();
        BreakGlass glass =
                change.breakGlass("drill: the change board is not there, and it looks harmless");
        change.open(true);
        GateVerdict verdict = change.gate(Optional.empty(), Optional.of(glass));
        if (!verdict.isAllowed()) {
            throw new IllegalStateException("break-glass did not open the gate: " + verdict.text());
        }
        var run =
                new LiveRun(
                        stage,
                        stage.fleet,
                        change,
                        "idle-" + bug + "-" + begun.toEpochMilli(),
                        _ -> "");
        RunEnd end = run.whole().run();
        int live = 0;
        int refused = 0;
        for (EmbeddedHost host : stage.fleet.hosts().filter(one -> !one.isSpare()).toList()) {
            live++;
            Outcome outcome =
                    stage.room
                            .hosts()
                            .perform(
                                    host.name(),
                                    Offer.of(
                                            "look/%s/%s".formatted(bug, host.name()),
                                            change.directory().digest(),
                                            "look.guard",
                                            Map.of("operation", DatabaseOperations.REINSTALL)),
                                    GUARD_DEADLINE);
            if (outcome instanceof Outcome.Refused no && findLife(no).isPresent()) {
                refused++;
            }
        }
        boolean allAlive =
                stage.fleet
                        .hosts()
                        .filter(one -> !one.isSpare())
                        .allMatch(one -> one.server().isRunning());
        long errors =
                stage.allTraffic().values().stream()
                        .flatMap(traffic -> traffic.errors().stream())
                        .filter(error -> !error.at().isBefore(begun))
                        .count();
        long wrote =
                stage.allTraffic().values().stream()
                        .filter(
                                traffic ->
                                        traffic.acknowledged().stream()
                                                .anyMatch(commit -> !commit.at().isBefore(begun)))
                        .count();
        change.write("change.withdrawn", Map.of("why", "refused by its hosts"));
        stage.claims.check(
                2,
                "live-hosts-destroyed",
                "live hosts destroyed by the bad change when it was pushed past the gate by break-glass",
                Long.toString(
                        stage.fleet
                                .hosts()
                                .filter(one -> !one.isSpare() && !one.server().isRunning())
                                .count()),
                "hosts",
                allAlive && end instanceof RunEnd.Frozen);
        stage.claims.check(
                2,
                "live-refusals-" + bug,
                "each live host refuses by itself, with reasons (bug `" + bug + "`)",
                "%d of %d".formatted(refused, live),
                "hosts",
                refused == live);
        stage.claims.check(
                2,
                "traffic-undisturbed",
                "errors that clients met while the bad change was pushed",
                Long.toString(errors),
                "errors",
                errors == 0 && wrote == stage.allTraffic().size() && wrote > 0);
        String where =
                end instanceof RunEnd.Frozen frozen ? "frozen at " + frozen.host() : "NOT frozen";
        return "%s; %d of %d live hosts refuse; %d client errors"
                .formatted(where, refused, live, errors);
    }

    /// Two empty hosts, said exactly.
    private void spares(Stage stage, Twin twin) throws Exception {
        ChangeCase change = ChangeCase.resolve(stage, ChangeFiles.SPARES, Optional.empty());
        stage.step(
                "rehearse reinstall-spares on the twin",
                () -> new SparesRehearsal(stage, twin, change).run());
        stage.step(
                "approve, ask the gate, reinstall the two spare hosts",
                () -> {
                    KeyRing.APPROVERS.forEach(
                            person -> change.approve(person, "two empty hosts, rehearsed"));
                    change.open(false);
                    GateVerdict verdict = change.gate(Optional.empty(), Optional.empty());
                    if (!verdict.isAllowed()) {
                        stage.claims.check(
                                2,
                                "spares-reinstalled",
                                "two empty hosts are reinstalled",
                                "0",
                                "hosts",
                                false);
                        return verdict.text();
                    }
                    RunEnd end =
                            new LiveRun(
                                            stage,
                                            stage.fleet,
                                            change,
                                            "spares",
                                            wave -> change.gateFor(wave))
                                    .whole()
                                    .run();
                    long done =
                            stage.fleet.spares().stream()
                                    .filter(
                                            spare ->
                                                    java.nio.file.Files.exists(
                                                            spare.database()
                                                                    .folders()
                                                                    .data()
                                                                    .resolve("fresh-install")))
                                    .count();
                    stage.claims.check(
                            2,
                            "spares-reinstalled",
                            "the same work said exactly, for two empty hosts, is allowed and done",
                            Long.toString(done),
                            "hosts",
                            end instanceof RunEnd.Completed && done == stage.fleet.spares().size());
                    return "%s: %d hosts".formatted(end.getClass().getSimpleName(), done);
                });
    }
}
