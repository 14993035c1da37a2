package io.backstay.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The guard's decision about one target. A refusal is an answer, not an exception.
public sealed interface Verdict {

    record Cleared(List<Finding.Clear> findings) implements Verdict {}

    record Refused(List<Finding> reasons) implements Verdict {}

    /// Cleared only if every required probe reported, and reported clear. Pure.
    ///
    /// @param required names of the probes that this operation and target demand; empty is a
    ///   refusal, not a pass
    static Verdict of(Set<String> required, List<Finding> findings) {
        var reasons = new ArrayList<Finding>();
        var clear = new ArrayList<Finding.Clear>();
        for (Finding finding : findings) {
            switch (finding) {
                case Finding.Live live -> reasons.add(live);
                case Finding.Blind blind -> reasons.add(blind);
                case Finding.Clear seen -> clear.add(seen);
            }
        }
        var reported = findings.stream().map(Finding::probe).collect(Collectors.toSet());
        for (String probe : new TreeSet<>(required)) {
            if (!reported.contains(probe)) {
                reasons.add(
                        new Finding.Blind(
                                probe,
                                "did not report",
                                "this is a fault of the guard: report it"));
            }
        }
        if (required.isEmpty()) {
            reasons.add(
                    new Finding.Blind(
                            "guard",
                            "no probe is required for this operation",
                            "name an operation that the guard knows"));
        }
        return reasons.isEmpty()
                ? new Cleared(List.copyOf(clear))
                : new Refused(List.copyOf(reasons));
    }
}
