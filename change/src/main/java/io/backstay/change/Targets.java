package io.backstay.change;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which hosts a change is about, and how many they must turn out to be.
///
/// @param all a host is selected if it meets every condition; never empty
/// @param excludedHosts names taken out of the selection
public record Targets(List<Condition> all, Set<String> excludedHosts, Expect expect) {

    /// A structured list, never a string that could widen by a slip.
    ///
    /// @param values the label's value is one of these; never empty
    public record Condition(String label, Set<String> values) {

        public boolean holds(Map<String, String> labels) {
            String value = labels.get(label);
            return value != null && values.contains(value);
        }
    }

    /// Exact: any difference is a refusal, never a warning.
    public record Expect(int hosts, int clusters, int sources) {}

    public boolean selects(String host, Map<String, String> labels) {
        return !excludedHosts.contains(host) && all.stream().allMatch(c -> c.holds(labels));
    }
}
