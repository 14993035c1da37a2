package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.ledger.LedgerEntry;
import java.util.List;
import java.util.Optional;

/// Which member of a cluster takes writes, as the controller's chain names it: the first member at
/// the start, then whom each switchover left there.
///
/// | Last entry of the cluster | Source |
/// | --- | --- |
/// | none | its first member |
/// | `switchover.undone` | the one it was to move from |
/// | `switchover.promoted`, `.thawed`, `.repointed` | the one it moved to |
/// | any other of a switchover | nobody, until the switchover is settled |
final class NamedSource {
    private NamedSource() {}

    /// @param entries of the controller's chain, in order
    /// @return empty while a switchover is under way
    static Optional<String> of(List<LedgerEntry> entries, EmbeddedCluster cluster) {
        return of(entries, cluster.name(), cluster.members().getFirst().name());
    }

    static Optional<String> of(List<LedgerEntry> entries, String cluster, String first) {
        Optional<String> source = Optional.of(first);
        for (LedgerEntry entry : entries) {
            if (!text(entry, "cluster").equals(cluster)) {
                continue;
            }
            source =
                    switch (entry.type()) {
                        case "switchover.checked",
                                "switchover.frozen",
                                "switchover.drained",
                                "undo.cancelled",
                                "undo.not-owed" ->
                                Optional.empty();
                        case "switchover.undone" -> Optional.of(text(entry, "from"));
                        case "switchover.promoted", "switchover.thawed", "switchover.repointed" ->
                                Optional.of(text(entry, "to"));
                        default -> source;
                    };
        }
        return source;
    }

    private static String text(LedgerEntry entry, String name) {
        return entry.body().path(name).asString("");
    }
}
