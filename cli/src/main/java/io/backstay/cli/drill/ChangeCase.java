package io.backstay.cli.drill;

import io.backstay.change.ChangeDirectory;
import io.backstay.change.evidence.Approval;
import io.backstay.change.evidence.Approvals;
import io.backstay.change.evidence.BreakGlass;
import io.backstay.change.evidence.Evidence;
import io.backstay.change.evidence.Statement;
import io.backstay.change.evidence.Subjects;
import io.backstay.change.gate.ClusterFacts;
import io.backstay.change.gate.Gate;
import io.backstay.change.gate.GateFacts;
import io.backstay.change.gate.GateVerdict;
import io.backstay.change.gate.Policy;
import io.backstay.change.plan.FleetFacts;
import io.backstay.change.plan.Plan;
import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.seal.Envelope;
import io.backstay.node.controller.Dossier;
import io.backstay.rollout.run.RunPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One change on its way: its directory, plan and policy, the evidence and approvals that are bound
/// to all three.
///
/// Evidence and approvals are files beside the change, so that a resumed drill finds them, and
/// anybody can verify them.
final class ChangeCase {
    private static final Duration APPROVAL_VALID = Duration.ofHours(12);

    private final Stage stage;
    private final ChangeDirectory directory;
    private final Plan plan;
    private final Policy policy;
    private final Path papers;
    private final Map<String, String> expectedSources = new HashMap<>();

    private ChangeCase(Stage stage, ChangeDirectory directory, Plan plan, Policy policy) {
        this.stage = stage;
        this.directory = directory;
        this.plan = plan;
        this.policy = policy;
        this.papers =
                Disk.folder(
                        stage.folders
                                .root()
                                .resolve("approvals")
                                .resolve(plan.digest().substring(0, 12)));
    }

    /// Resolves a change against the fleet as its agents tell it now.
    ///
    /// @param facts seen earlier, for a resumed run whose plan stands; empty to look now
    static ChangeCase resolve(Stage stage, String name, Optional<FleetFacts> facts) {
        ChangeDirectory directory = ChangeDirectory.load(stage.folders.changes().resolve(name));
        Policy policy = Policy.load(stage.folders.changes().resolve(ChangeFiles.POLICY));
        FleetFacts seen =
                facts.orElseGet(() -> new FleetEye(stage.fleet, stage.room.hosts()).facts());
        return switch (Plan.resolve(directory, seen)) {
            case Plan.Result.Refused refused ->
                    throw new Problem(
                            ErrorCode.REFUSED,
                            "no plan for %s: %s"
                                    .formatted(name, String.join("; ", refused.reasons())),
                            "see `backstay change plan`.");
            case Plan.Result.Resolved resolved -> {
                var made = new ChangeCase(stage, directory, resolved.plan(), policy);
                seen.hosts().stream()
                        .filter(host -> host.role() == FleetFacts.Role.SOURCE)
                        .forEach(host -> made.expectedSources.put(host.cluster(), host.name()));
                stage.record.note("change." + directory.digest(), directory.change().id());
                stage.record.note("facts." + name, seen.json());
                made.write(
                        "change.planned",
                        Map.of("plan", resolved.plan().digest(), "policy", policy.digest()));
                yield made;
            }
        };
    }

    ChangeDirectory directory() {
        return directory;
    }

    Plan plan() {
        return plan;
    }

    Subjects subjects() {
        return new Subjects(
                directory.change().id(), directory.digest(), plan.digest(), policy.digest());
    }

    /// Writes to the controller's chain, bound to this change.
    void write(String type, Map<String, ?> body) {
        stage.room.ledger().append(type, "", directory.digest(), body);
    }

    /// Signs what a rehearsal showed, by runner and verifier.
    void sign(Evidence evidence) {
        Envelope envelope =
                evidence.sign(
                        subjects(),
                        List.of(stage.keys.of(KeyRing.RUNNER), stage.keys.of(KeyRing.VERIFIER)));
        Disk.writeAtomically(papers.resolve("evidence.dsse.json"), envelope.json());
        write(
                "evidence.signed",
                Map.of(
                        "result",
                        evidence.result().name(),
                        "why",
                        evidence.why(),
                        "run",
                        evidence.runId()));
    }

    /// Evidence that was signed for this change, plan and policy, and is believed; empty if there
    /// is none.
    Optional<Statement.Reading.Believed<Evidence>> findEvidence() {
        return evidence() instanceof Statement.Reading.Believed<Evidence> believed
                        && believed.statement().subjects().equals(subjects())
                ? Optional.of(believed)
                : Optional.empty();
    }

    private Statement.Reading<Evidence> evidence() {
        Path file = papers.resolve("evidence.dsse.json");
        return Files.exists(file)
                ? Evidence.verify(
                        Envelope.parse(Disk.readText(file)),
                        stage.keys.trusted(List.of(KeyRing.RUNNER, KeyRing.VERIFIER)))
                : new Statement.Reading.Rejected<>("there is none");
    }

    /// One person's yes to what the evidence shows.
    void approve(String person, String reason) {
        String sees =
                evidence() instanceof Statement.Reading.Believed<Evidence> believed
                        ? believed.digest()
                        : "";
        Instant now = stage.time.now();
        Envelope envelope =
                new Approval(
                                person,
                                Approval.Decision.GRANTED,
                                reason,
                                sees,
                                now,
                                now.plus(APPROVAL_VALID))
                        .sign(subjects(), stage.keys.of(person));
        Disk.writeAtomically(papers.resolve("approval-" + person + ".dsse.json"), envelope.json());
        stage.room
                .ledger()
                .appendAs(
                        person,
                        "approval.granted",
                        "",
                        directory.digest(),
                        Map.of("reason", reason));
    }

    private List<Envelope> approvalEnvelopes() {
        return KeyRing.APPROVERS.stream()
                .map(person -> papers.resolve("approval-" + person + ".dsse.json"))
                .filter(Files::exists)
                .map(file -> Envelope.parse(Disk.readText(file)))
                .toList();
    }

    private Approvals approvals() {
        String sees =
                evidence() instanceof Statement.Reading.Believed<Evidence> believed
                        ? believed.digest()
                        : "";
        return Approvals.count(
                approvalEnvelopes(),
                stage.keys.trusted(KeyRing.APPROVERS),
                subjects(),
                sees,
                stage.time.now());
    }

    /// Two people's word that this change goes past the gate's rules about evidence and people.
    BreakGlass breakGlass(String reason) {
        Instant now = stage.time.now();
        var glass = new BreakGlass(KeyRing.APPROVERS, reason, now, now.plus(BreakGlass.VALID_MAX));
        Envelope envelope =
                glass.sign(subjects(), KeyRing.APPROVERS.stream().map(stage.keys::of).toList());
        Disk.writeAtomically(papers.resolve("break-glass.dsse.json"), envelope.json());
        write(
                "breakglass.opened",
                Map.of("people", String.join(", ", KeyRing.APPROVERS), "reason", reason));
        return glass;
    }

    /// What the gate says now, with facts looked up now; written down.
    ///
    /// @param wave empty for the whole change
    GateVerdict gate(Optional<String> wave, Optional<BreakGlass> breakGlass) {
        Instant now = stage.time.now();
        var facts =
                GateFacts.of(
                        new GateFacts.Input(
                                directory,
                                plan,
                                policy.digest(),
                                evidence(),
                                approvals(),
                                KeyRing.EXECUTOR,
                                wave,
                                now,
                                now.plus(plan.worst()),
                                clusterFacts()));
        GateVerdict verdict = Gate.evaluate(policy, facts, breakGlass);
        write(
                "gate.evaluated",
                Map.of(
                        "wave", wave.orElse("all"),
                        "allowed", verdict.isAllowed(),
                        "denied", String.join(", ", verdict.denied()),
                        "opened", String.join(", ", verdict.opened()),
                        "facts", verdict.factsDigest()));
        return verdict;
    }

    /// Why a wave may not begin; empty text if it may.
    String gateFor(RunPlan.Wave wave) {
        GateVerdict verdict = gate(Optional.of(wave.name()), Optional.empty());
        return verdict.isAllowed() ? "" : verdict.text();
    }

    private List<ClusterFacts> clusterFacts() {
        var eye = new FleetEye(stage.fleet, stage.room.hosts());
        var facts = new ArrayList<ClusterFacts>();
        for (String name : plan.clusters()) {
            EmbeddedCluster cluster = stage.fleet.cluster(name);
            facts.add(eye.cluster(cluster, expectedSource(name), openChanges()));
        }
        return facts;
    }

    /// The plan's, or what the switchovers since made it, by the controller's own chain.
    private String expectedSource(String cluster) {
        String source = expectedSources.getOrDefault(cluster, "");
        for (LedgerEntry entry : stage.room.ledger().entries()) {
            if (entry.type().equals("switchover.promoted")
                    && directory.digest().equals(entry.change())
                    && entry.body().path("cluster").asString("").equals(cluster)) {
                source = entry.body().path("to").asString("");
            }
        }
        return source;
    }

    /// Rollouts begun and not ended, this one included, by the controller's own chain.
    private long openChanges() {
        var open = new java.util.HashSet<String>();
        for (LedgerEntry entry : stage.room.ledger().entries()) {
            String change = String.valueOf(entry.change());
            switch (entry.type()) {
                case "rollout.started" -> open.add(change);
                case "rollout.completed", "change.withdrawn" -> open.remove(change);
                default -> {
                    // says nothing of what is open
                }
            }
        }
        open.add(directory.digest());
        return open.size();
    }

    /// From now on permits rest on these approvals, or on the break-glass.
    void open(boolean pastTheGate) {
        Path glass = papers.resolve("break-glass.dsse.json");
        String glassText = pastTheGate ? Disk.readText(glass) : "";
        String glassDigest =
                pastTheGate
                        ? switch (BreakGlass.verify(
                                Envelope.parse(glassText),
                                stage.keys.trusted(KeyRing.APPROVERS),
                                subjects(),
                                stage.time.now())) {
                            case Statement.Reading.Believed<BreakGlass> believed ->
                                    believed.digest();
                            case Statement.Reading.Rejected<BreakGlass> rejected ->
                                    throw new IllegalStateException(rejected.reason());
                        }
                        : "";
        stage.room.open(
                new Dossier(
                        subjects(),
                        pastTheGate
                                ? List.of()
                                : approvalEnvelopes().stream().map(Envelope::json).toList(),
                        pastTheGate ? List.of() : approvals().digests(),
                        glassText,
                        glassDigest));
    }

    /// As [#open], for a twin, where nobody's approval is asked for.
    void openForRehearsal() {
        stage.room.open(new Dossier(subjects(), List.of(), List.of(), "", ""));
    }
}
