package io.backstay.change.gate;

import io.backstay.change.StrictJson;
import io.backstay.doors.Disk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;

/// What a gate said, rule by rule.
///
/// @param factsDigest of everything it looked at, so that the verdict can be given again
/// @param notes why evidence or approvals did not count
public record GateVerdict(
        String policyId,
        String policyDigest,
        String factsDigest,
        List<RuleResult> results,
        List<String> notes) {

    /// @param reason why it does not hold; empty if it does
    public record RuleResult(String rule, Outcome outcome, String reason) {}

    public enum Outcome {
        OK,
        DENIED,
        /// It does not hold, and two people passed over it.
        OPENED,
        WARNED,
        AUDITED
    }

    public boolean isAllowed() {
        return !results.isEmpty() && results.stream().noneMatch(r -> r.outcome() == Outcome.DENIED);
    }

    /// Rules that were passed over by break-glass.
    public List<String> opened() {
        return results.stream()
                .filter(r -> r.outcome() == Outcome.OPENED)
                .map(RuleResult::rule)
                .toList();
    }

    public List<String> denied() {
        return results.stream()
                .filter(r -> r.outcome() == Outcome.DENIED)
                .map(RuleResult::rule)
                .toList();
    }

    /// SHA-256 over the verdict: what events and ledger entries name.
    public String digest() {
        return Disk.sha256(StrictJson.write(this).getBytes(StandardCharsets.UTF_8));
    }

    public String json() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("schemaVersion", 1);
        document.put("allowed", isAllowed());
        document.put("policy", policyId);
        document.put("policyDigest", policyDigest);
        document.put("factsDigest", factsDigest);
        document.put("verdictDigest", digest());
        document.put("rules", results);
        document.put("notes", notes);
        return StrictJson.write(document);
    }

    /// One line a rule, then the notes.
    public String text() {
        List<String> lines = new ArrayList<>();
        for (RuleResult result : results) {
            String word =
                    result.outcome() == Outcome.OK
                            ? "ok"
                            : result.outcome().name().toUpperCase(Locale.ROOT);
            lines.add(
                    " %-12s %-7s %s"
                            .formatted(result.rule(), word, result.reason())
                            .stripTrailing());
        }
        notes.forEach(note -> lines.add(" note: " + note));
        lines.add(
                isAllowed()
                        ? (opened().isEmpty()
                                ? "ALLOWED"
                                : "ALLOWED PAST THE GATE, opened: " + String.join(", ", opened()))
                        : "DENIED by " + String.join(", ", denied()));
        return String.join("\n", lines);
    }

    /// Facts for people: digests by their first characters, rows by those that say no.
    static String shown(SortedSet<String> paths, Map<String, Object> facts) {
        return paths.stream()
                .map(path -> path + " " + shown(facts.getOrDefault(path, "none")))
                .collect(Collectors.joining(", "));
    }

    private static String shown(Object value) {
        String text =
                value instanceof List<?> rows
                                && !rows.isEmpty()
                                && rows.getFirst() instanceof Map<?, ?>
                        ? "%d rows, no: %s"
                                .formatted(
                                        rows.size(),
                                        rows.stream()
                                                .filter(
                                                        r ->
                                                                r instanceof Map<?, ?> m
                                                                        && m.containsValue(false))
                                                .map(r -> ((Map<?, ?>) r).get("id"))
                                                .toList())
                        : String.valueOf(value);
        return text.matches("[0-9a-f]{64}") ? text.substring(0, 12) : text;
    }
}
