package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.cli.report.Outcome;
import io.backstay.cli.report.ReportModel;
import io.backstay.cli.report.ReportPage;
import io.backstay.doors.Disk;
import io.backstay.lab.CommitRecords;
import io.backstay.lab.Throughput;
import io.backstay.ledger.ChainReport;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.LedgerReader;
import io.backstay.ledger.LedgerVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Gathers what the report shows: from the ledgers what was done and refused, from the traffic's
/// own records what clients saw, from the drill's record what was claimed.
final class ReportBuilder {
    private static final Duration SAMPLE = Duration.ofSeconds(1);
    private static final Duration STALL_SHOWN = Duration.ofSeconds(1);

    /// Of every step on every host; the chains have them, the page would drown in them.
    private static final Set<String> NOT_TOLD =
            Set.of("ledger.head.mirrored", "permit.granted", "permit.burned", "agent.started");

    private static final int UNIT_CHARS_MAX = 6;

    private final Stage stage;
    private final List<LedgerEntry> entries;

    ReportBuilder(Stage stage) {
        this.stage = stage;
        this.entries = LedgerReader.readAll(stage.folders.ledgers());
    }

    void write() {
        Disk.writeAtomically(stage.folders.report(), ReportPage.render(model()));
    }

    private ReportModel model() {
        Map<String, String> notes = stage.record.notes();
        return new ReportModel(
                "Backstay drill",
                stage.record.state().started(),
                stage.time.now(),
                "./backstay drill --rows %d --clusters %d --seed %d"
                        .formatted(
                                stage.options.rows(),
                                stage.options.clusters(),
                                stage.options.seed()),
                figures(),
                List.of(
                        new ReportModel.Fact(
                                "Servers", "MariaDB " + Stage.OLD + ", upgraded to " + Stage.NEW),
                        new ReportModel.Fact(
                                "Rows a cluster", "%,d".formatted(stage.options.rows())),
                        new ReportModel.Fact("Seed", Long.toString(stage.options.seed())),
                        new ReportModel.Fact(
                                "Processors",
                                Integer.toString(Runtime.getRuntime().availableProcessors()))),
                stage.claims.all().stream().map(ReportBuilder::claim).toList(),
                acts(),
                throughput(),
                switchovers(),
                refusals(),
                new RestoreNotes(notes).restores(),
                new RestoreNotes(notes).lostWrites(),
                notInLedger(),
                chains(),
                Optional.ofNullable(notes.get(ActFive.TAMPERED))
                        .map(
                                says ->
                                        new ReportModel.Tamper(
                                                KeyRing.CONTROLLER,
                                                "in four ways",
                                                !says.isEmpty(),
                                                says))
                        .orElse(null),
                timeline());
    }

    private List<ReportModel.Figure> figures() {
        return stage.claims.all().stream()
                .filter(claim -> claim.outcome() != ClaimBook.Outcome.NOT_COVERED)
                .filter(
                        claim ->
                                Set.of(
                                                "live-hosts-destroyed",
                                                "lost-writes-exact",
                                                "restore-ratio",
                                                "switchover-stall",
                                                "member-backed-out")
                                        .contains(claim.id()))
                .map(claim -> new ReportModel.Figure(figure(claim), claim.claim()))
                .toList();
    }

    /// A long unit says itself in the claim.
    private static String figure(ClaimBook.Claim claim) {
        return claim.unit().length() > UNIT_CHARS_MAX
                ? claim.measured()
                : claim.measured() + " " + claim.unit();
    }

    private static ReportModel.Claim claim(ClaimBook.Claim claim) {
        return new ReportModel.Claim(
                claim.id(),
                claim.claim(),
                claim.measured(),
                claim.unit(),
                switch (claim.outcome()) {
                    case PASSED -> Outcome.PASSED;
                    case FAILED -> Outcome.FAILED;
                    case NOT_COVERED -> Outcome.NOT_COVERED;
                });
    }

    private List<ReportModel.Act> acts() {
        var acts = new ArrayList<>(stage.record.state().acts());
        acts.removeIf(act -> act.number() == 5);
        return acts;
    }

    private List<ReportModel.Throughput> throughput() {
        var all = new ArrayList<ReportModel.Throughput>();
        for (EmbeddedCluster cluster : stage.fleet.clusters()) {
            var commits =
                    CommitRecords.readAcknowledged(stage.folders.traffic().resolve(cluster.name()));
            var samples =
                    Throughput.of(commits, SAMPLE).stream()
                            .map(
                                    stretch ->
                                            new ReportModel.Sample(
                                                    stretch.from(),
                                                    stretch.commits() * 1000.0 / SAMPLE.toMillis()))
                            .toList();
            var stalls = new ArrayList<ReportModel.Stall>();
            for (int i = 1; i < commits.size(); i++) {
                Instant before = commits.get(i - 1).at();
                Duration gap = Duration.between(before, commits.get(i).at());
                if (gap.compareTo(STALL_SHOWN) > 0) {
                    stalls.add(
                            new ReportModel.Stall(
                                    before, gap, causeOf(cluster.name(), before, gap)));
                }
            }
            all.add(new ReportModel.Throughput(cluster.name(), samples, stalls));
        }
        return all;
    }

    private String causeOf(String cluster, Instant from, Duration lasted) {
        Instant until = from.plus(lasted);
        boolean lost =
                entries.stream()
                        .anyMatch(
                                entry ->
                                        entry.type().equals(LostServers.DETECTED)
                                                && text(entry.body(), "cluster").equals(cluster)
                                                && !entry.time().isBefore(from)
                                                && entry.time().isBefore(until));
        if (lost) {
            return "all members lost";
        }
        if (Prologue.resumedAt(stage).stream()
                .anyMatch(at -> at.isAfter(from) && at.isBefore(until))) {
            return "the drill was stopped";
        }
        return entries.stream()
                        .filter(
                                entry ->
                                        entry.type().startsWith("switchover.")
                                                && text(entry.body(), "cluster").equals(cluster))
                        .anyMatch(
                                entry ->
                                        !entry.time().isBefore(from)
                                                && entry.time().isBefore(until))
                ? "switchover"
                : "not known";
    }

    private List<ReportModel.Switchover> switchovers() {
        return entries.stream()
                .filter(entry -> entry.type().equals("switchover.thawed"))
                .filter(entry -> isLive(text(entry.body(), "cluster")))
                .map(
                        entry ->
                                new ReportModel.Switchover(
                                        text(entry.body(), "cluster"),
                                        entry.time(),
                                        text(entry.body(), "from"),
                                        text(entry.body(), "to"),
                                        Duration.ofMillis(
                                                Long.parseLong(
                                                        text(entry.body(), "writesStoppedMillis"))),
                                        ActThree.WRITES_STOPPED_MAX))
                .toList();
    }

    private List<ReportModel.Refusal> refusals() {
        return entries.stream()
                .filter(
                        entry ->
                                Set.of("guard.refused", "guard.would-refuse").contains(entry.type())
                                        && !entry.writer().equals(KeyRing.CONTROLLER))
                .map(
                        entry ->
                                new ReportModel.Refusal(
                                        entry.time(),
                                        entry.host().startsWith("twin-")
                                                ? "rehearsal"
                                                : "live fleet",
                                        clusterOf(entry.host()),
                                        entry.host(),
                                        text(entry.body(), "operation"),
                                        text(entry.body(), "target"),
                                        reasons(entry.body().path("reasons"))))
                .toList();
    }

    private static List<ReportModel.Reason> reasons(JsonNode node) {
        var reasons = new ArrayList<ReportModel.Reason>();
        for (JsonNode one : node) {
            reasons.add(
                    new ReportModel.Reason(
                            one.path("probe").asString(""),
                            one.path("finding").asString(""),
                            one.path("says").asString("")));
        }
        return reasons;
    }

    private List<ReportModel.NotInLedger> notInLedger() {
        return entries.stream()
                .filter(entry -> entry.type().equals(LostServers.DETECTED))
                .map(
                        entry ->
                                new ReportModel.NotInLedger(
                                        entry.time(),
                                        entry.host(),
                                        text(entry.body(), "seen"),
                                        text(entry.body(), "explainedBy")))
                .toList();
    }

    private List<ReportModel.Chain> chains() {
        return LedgerVerifier.verify(stage.folders.ledgers(), stage.room.everybody(), List.of())
                .stream()
                .map(
                        report ->
                                switch (report) {
                                    case ChainReport.Intact intact ->
                                            new ReportModel.Chain(
                                                    intact.writer(),
                                                    intact.lines(),
                                                    intact.head(),
                                                    Outcome.PASSED,
                                                    "whole and in order, held against %d mirrored heads"
                                                            .formatted(intact.mirrors()));
                                    case ChainReport.Broken broken ->
                                            new ReportModel.Chain(
                                                    broken.writer(),
                                                    broken.line(),
                                                    "",
                                                    Outcome.FAILED,
                                                    "line %d: %s, %s"
                                                            .formatted(
                                                                    broken.line(),
                                                                    broken.damage(),
                                                                    broken.detail()));
                                })
                .toList();
    }

    private List<ReportModel.TimelineEntry> timeline() {
        return entries.stream()
                .filter(entry -> !NOT_TOLD.contains(entry.type()))
                .map(
                        entry ->
                                new ReportModel.TimelineEntry(
                                        entry.time(),
                                        entry.actor(),
                                        entry.host().isEmpty()
                                                ? text(entry.body(), "cluster")
                                                : clusterOf(entry.host()),
                                        entry.host(),
                                        entry.type(),
                                        stage.changeName(entry.change()),
                                        says(entry)))
                .toList();
    }

    private static String says(LedgerEntry entry) {
        var words = new ArrayList<String>();
        entry.body()
                .properties()
                .forEach(
                        property -> {
                            String value =
                                    property.getValue().isString()
                                            ? property.getValue().asString()
                                            : property.getValue().toString();
                            if (!value.isEmpty() && !property.getKey().equals("run")) {
                                words.add(
                                        property.getKey()
                                                + " "
                                                + (value.length() > 160
                                                        ? value.substring(0, 160) + " …"
                                                        : value));
                            }
                        });
        return String.join(", ", words);
    }

    private boolean isLive(String cluster) {
        return stage.fleet.clusters().stream().anyMatch(one -> one.name().equals(cluster));
    }

    private static String clusterOf(String host) {
        int dash = host.lastIndexOf('-');
        return dash > 0 && host.length() - dash == 2 ? host.substring(0, dash) : "";
    }

    private static String text(JsonNode body, String name) {
        return body.path(name).asString("");
    }
}
