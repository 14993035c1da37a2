package io.backstay.cli.drill;

import io.backstay.change.ChangeDirectory;
import io.backstay.change.evidence.Evidence;
import io.backstay.change.plan.FleetFacts;
import io.backstay.change.plan.Plan;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.node.agent.DatabaseOperations;
import io.backstay.node.controller.PermitOffice;
import io.backstay.rollout.protocol.Challenge;
import io.backstay.rollout.protocol.HostIdentity;
import io.backstay.rollout.protocol.Leave;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What every rehearsal must see refused, tried for real on the twin.
final class NegativeControls {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Stage stage;
    private final Twin twin;
    private final ChangeCase change;
    private final String runId;
    private final List<Evidence.NegativeControl> seen = new ArrayList<>();

    NegativeControls(Stage stage, Twin twin, ChangeCase change, String runId) {
        this.stage = stage;
        this.twin = twin;
        this.change = change;
        this.runId = runId;
    }

    /// The twin's servers must run and its spare be empty.
    List<Evidence.NegativeControl> run() throws Exception {
        List<EmbeddedHost> members = twin.cluster().members();
        refusedByHost("live-source", members.getFirst());
        refusedByHost("live-replica", members.getLast());
        PermitOffice honest = stage.room.honestOffice();
        lying(
                "permit-of-another-host",
                "permit.host",
                (host, offer, challenge) ->
                        honest.decide(
                                host,
                                offer,
                                new Challenge(
                                        challenge.effectId(),
                                        challenge.nonce(),
                                        new HostIdentity(
                                                "another", "another", "another", "another"),
                                        challenge.operationDigest(),
                                        challenge.evidenceDigest())));
        lying(
                "expired-permit",
                "permit.expired",
                (host, offer, challenge) -> {
                    PermitOffice.Answer answer =
                            stage.room.shortOffice().decide(host, offer, challenge);
                    pause(Duration.ofMillis(1500));
                    return answer;
                });
        // what a permit of an earlier question would be: all as now, but for the nonce
        lying(
                "replayed-permit",
                "permit.nonce",
                (host, offer, challenge) ->
                        honest.decide(
                                host,
                                offer,
                                new Challenge(
                                        challenge.effectId(),
                                        "0".repeat(32),
                                        challenge.identity(),
                                        challenge.operationDigest(),
                                        challenge.evidenceDigest())));
        lying(
                "permit-nobody-signed",
                "",
                (host, offer, challenge) ->
                        honest.decide(host, offer, challenge)
                                        instanceof PermitOffice.Answer.Granted(Leave leave)
                                ? new PermitOffice.Answer.Granted(
                                        new Leave(
                                                leave.permit()
                                                        .replace("\"sig\":\"", "\"sig\":\"AAAA"),
                                                leave.approvals(),
                                                leave.breakGlass()))
                                : new PermitOffice.Answer.Denied("no permit to forge"));
        widenedSelector();
        editedAfterPlanning();
        return List.copyOf(seen);
    }

    /// The guard must refuse to reinstall a host that is live.
    private void refusedByHost(String id, EmbeddedHost host) {
        note(id, stage.room.hosts().perform(host.name(), offer(id, host), DEADLINE));
    }

    /// A controller that errs or lies: the empty spare would be cleared by its guard, so only the
    /// permit stands in between.
    ///
    /// @param code with which the agent must refuse it, so that no other fault passes for this one;
    ///   empty where the refusal has none
    private void lying(String id, String code, PermitOffice office) throws Exception {
        try (AutoCloseable _ = stage.room.misbehave(office)) {
            Outcome outcome =
                    stage.room
                            .hosts()
                            .perform(twin.spare().name(), offer(id, twin.spare()), DEADLINE);
            boolean isForThat =
                    outcome instanceof Outcome.Refused refused
                            && refused.reasons().getFirst().probe().equals("permit")
                            && refused.reasons().getFirst().says().startsWith(code);
            if (isForThat) {
                note(id, outcome);
            } else {
                add(id, "");
            }
        }
    }

    private Offer offer(String id, EmbeddedHost host) {
        return Offer.of(
                runId + "/control/" + id + "/" + host.name(),
                change.directory().digest(),
                DatabaseOperations.REINSTALL,
                Map.of());
    }

    private void widenedSelector() {
        var facts = new ArrayList<>(new FleetEye(stage.fleet, stage.room.hosts()).facts().hosts());
        facts.add(
                new FleetFacts.Host(
                        "c99-b",
                        "c99",
                        FleetFacts.Role.REPLICA,
                        Map.of("group", "fleet"),
                        Stage.OLD,
                        true));
        facts.add(
                new FleetFacts.Host(
                        "c99-a",
                        "c99",
                        FleetFacts.Role.SOURCE,
                        Map.of("group", "fleet"),
                        Stage.OLD,
                        true));
        facts.add(
                new FleetFacts.Host(
                        "s99", "", FleetFacts.Role.SPARE, Map.of("group", "fleet"), "", true));
        add(
                "widened-selector",
                switch (Plan.resolve(change.directory(), new FleetFacts(facts))) {
                    case Plan.Result.Refused refused -> String.join("; ", refused.reasons());
                    case Plan.Result.Resolved _ -> "";
                });
    }

    /// One byte of the change edited: its digest, to which everything is bound, must be another.
    private void editedAfterPlanning() {
        var folder = stage.folders.root().resolve("edited");
        io.backstay.doors.Disk.deleteTree(folder);
        io.backstay.doors.Disk.folder(folder);
        change.directory()
                .fileDigests()
                .keySet()
                .forEach(
                        name -> {
                            String text =
                                    io.backstay.doors.Disk.readText(
                                            change.directory().folder().resolve(name));
                            io.backstay.doors.Disk.writeAtomically(
                                    folder.resolve(name),
                                    name.equals(ChangeDirectory.CHANGE_FILE) ? text + "\n" : text);
                        });
        String digest = ChangeDirectory.load(folder).digest();
        io.backstay.doors.Disk.deleteTree(folder);
        add(
                "edited-after-planning",
                digest.equals(change.directory().digest())
                        ? ""
                        : "the digest is another: every approval is stale");
    }

    private void note(String id, Outcome outcome) {
        add(id, outcome instanceof Outcome.Refused refused ? first(refused) : "");
    }

    private static String first(Outcome.Refused refused) {
        Outcome.Reason reason = refused.reasons().getFirst();
        String says =
                reason.says().length() > 120 ? reason.says().substring(0, 120) : reason.says();
        return reason.probe() + ": " + says;
    }

    /// @param reason why it was refused; empty if it was not
    private void add(String id, String reason) {
        seen.add(new Evidence.NegativeControl(id, !reason.isEmpty(), reason));
        change.write(
                "negative.control",
                Map.of("id", id, "refused", !reason.isEmpty(), "reason", reason));
    }

    private void pause(Duration duration) {
        try {
            stage.time.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
