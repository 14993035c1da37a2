package io.backstay.guard;

import io.backstay.doors.Disk;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The guard's whole answer: the verdict, everything that was found, and how long looking took.
///
/// @param bootId of the machine that answered; an answer is worth nothing after a restart
public record GuardAnswer(
        String operation,
        String target,
        Verdict verdict,
        List<Finding> findings,
        String bootId,
        Instant startedAt,
        Duration took) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public GuardAnswer {
        findings = List.copyOf(findings);
    }

    /// The same answer under the name that was asked about, where the folder is held under another.
    GuardAnswer of(String askedTarget) {
        return new GuardAnswer(operation, askedTarget, verdict, findings, bootId, startedAt, took);
    }

    /// A clearance that could not be held, or one more reason for a refusal.
    static GuardAnswer refused(GuardAnswer cleared, Finding why) {
        var findings = new java.util.ArrayList<>(cleared.findings());
        findings.add(why);
        var reasons = new java.util.ArrayList<Finding>();
        if (cleared.verdict instanceof Verdict.Refused(List<Finding> before)) {
            reasons.addAll(before);
        }
        reasons.add(why);
        return new GuardAnswer(
                cleared.operation,
                cleared.target,
                new Verdict.Refused(List.copyOf(reasons)),
                findings,
                cleared.bootId,
                cleared.startedAt,
                cleared.took);
    }

    public boolean isCleared() {
        return switch (verdict) {
            case Verdict.Cleared _ -> true;
            case Verdict.Refused _ -> false;
        };
    }

    /// Why it was refused, a sentence each; empty if it was cleared.
    public List<String> reasons() {
        return switch (verdict) {
            case Verdict.Cleared _ -> List.of();
            case Verdict.Refused(List<Finding> reasons) ->
                    reasons.stream().map(GuardAnswer::say).toList();
        };
    }

    /// SHA-256 over all that was found and when: what a permit and a ledger entry refer to.
    public String evidenceDigest() {
        return Disk.sha256(body().toString().getBytes(StandardCharsets.UTF_8));
    }

    /// One JSON object with `schemaVersion`, `verdict` and `findings`.
    public String toJson() {
        return body().put("evidenceDigest", evidenceDigest()).toString();
    }

    /// The answer for people: one line for the verdict, one for each reason with its remedy.
    public String text() {
        var text = new StringBuilder();
        text.append(isCleared() ? "CLEARED " : "REFUSED ")
                .append(operation)
                .append(" of ")
                .append(target);
        text.append(
                "  (%d probes, %d ms, evidence %s)%n"
                        .formatted(
                                findings.size(),
                                took.toMillis(),
                                evidenceDigest().substring(0, 12)));
        switch (verdict) {
            case Verdict.Refused(List<Finding> reasons) ->
                    reasons.forEach(reason -> text.append("  ").append(say(reason)).append('\n'));
            case Verdict.Cleared(List<Finding.Clear> clear) ->
                    clear.forEach(
                            seen ->
                                    text.append(
                                            "  clear  %-16s %s%n"
                                                    .formatted(
                                                            seen.probe(),
                                                            seen.proof().lookedAt())));
        }
        return text.toString();
    }

    /// Names of files are other people's words: nothing in them may steer a terminal.
    private static String say(Finding finding) {
        return sentence(finding).replaceAll("\\p{Cntrl}", "?");
    }

    private static String sentence(Finding finding) {
        return switch (finding) {
            case Finding.Live live -> "live   %-16s %s".formatted(live.probe(), live.evidence());
            case Finding.Blind blind ->
                    "blind  %-16s %s; to see: %s"
                            .formatted(blind.probe(), blind.reason(), blind.remedy());
            case Finding.Clear clear ->
                    "clear  %-16s %s".formatted(clear.probe(), clear.proof().lookedAt());
        };
    }

    private ObjectNode body() {
        ObjectNode root = JSON.createObjectNode();
        root.put("schemaVersion", 1);
        root.put("operation", operation);
        root.put("target", target);
        root.put("verdict", isCleared() ? "cleared" : "refused");
        root.put("bootId", bootId);
        root.put("startedAt", startedAt.toString());
        root.put("tookMillis", took.toMillis());
        var array = root.putArray("findings");
        for (Finding finding : everythingSaid()) {
            ObjectNode node = array.addObject();
            node.put("probe", finding.probe());
            node.put("finding", finding.getClass().getSimpleName().toLowerCase(Locale.ROOT));
            switch (finding) {
                case Finding.Live live -> node.put("says", live.evidence());
                case Finding.Blind blind ->
                        node.put("says", blind.reason()).put("remedy", blind.remedy());
                case Finding.Clear(_, ProofOfSight proof) -> {
                    node.put("says", proof.lookedAt()).put("privileges", proof.privileges());
                    proof.controls().forEach(node.putArray("controls")::add);
                    proof.notSeen().forEach(node.putArray("notSeen")::add);
                }
            }
        }
        return root;
    }

    /// The findings, and the reasons that no probe gave: one that did not report.
    private List<Finding> everythingSaid() {
        var all = new java.util.LinkedHashSet<>(findings);
        if (verdict instanceof Verdict.Refused(List<Finding> reasons)) {
            all.addAll(reasons);
        }
        return List.copyOf(all);
    }
}
