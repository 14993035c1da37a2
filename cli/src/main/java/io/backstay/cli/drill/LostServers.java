package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.LedgerReader;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Servers that their own agents say are gone, held against all ledgers: which change explains it?
///
/// A step that takes a server down explains its absence until a later step has brought it back.
/// Nothing else does.
final class LostServers {
    /// Type of the entry that tells of a server lost without a change.
    static final String DETECTED = "incident.detected";

    private static final Duration DEADLINE = Duration.ofSeconds(15);
    private static final Set<String> TAKES_DOWN =
            Set.of("mysql.stop", "data.set-aside", "host.reinstall");

    private final Stage stage;
    private final EmbeddedCluster cluster;

    LostServers(Stage stage, EmbeddedCluster cluster) {
        this.stage = stage;
        this.cluster = cluster;
    }

    /// Writes an incident for each server that is gone without a change.
    ///
    /// @return their names
    List<String> write() {
        var unexplained = new ArrayList<String>();
        List<LedgerEntry> entries = LedgerReader.readAll(stage.folders.ledgers());
        for (EmbeddedHost member : cluster.members()) {
            Offer look =
                    Offer.of(
                            "look/lost/%s/%s".formatted(member.name(), stage.time.now()),
                            "",
                            "look.facts",
                            Map.of());
            if (!(stage.room.hosts().perform(member.name(), look, DEADLINE)
                    instanceof Outcome.Done seen)) {
                throw new IllegalStateException(
                        "the agent of " + member.name() + " does not answer");
            }
            boolean isGone = "false".equals(seen.facts().get("running"));
            if (isGone && !isExplained(member.name(), entries)) {
                unexplained.add(member.name());
                stage.room
                        .ledger()
                        .append(
                                DETECTED,
                                member.name(),
                                null,
                                Map.of(
                                        "cluster", cluster.name(),
                                        "seen",
                                                "its server does not run, its data directory is %s"
                                                        .formatted(
                                                                seen.facts()
                                                                                .getOrDefault(
                                                                                        "versionOfData",
                                                                                        "")
                                                                                .isEmpty()
                                                                        ? "gone"
                                                                        : "there"),
                                        "explainedBy",
                                                "no change, no permit and no agent's entry: this was not a change"));
            }
        }
        return unexplained;
    }

    /// Whether the last step on this host took its server down.
    private static boolean isExplained(String host, List<LedgerEntry> entries) {
        boolean isDown = false;
        for (LedgerEntry entry : entries) {
            if (entry.writer().equals(host) && entry.type().equals("step.intent")) {
                isDown = TAKES_DOWN.contains(entry.body().path("operation").asString(""));
            }
        }
        return isDown;
    }
}
