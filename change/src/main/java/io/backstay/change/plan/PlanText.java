package io.backstay.change.plan;

import io.backstay.change.ChangeDirectory;
import io.backstay.change.StrictJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A plan for people: one line a wave and cluster, and for machines: one JSON document.
public final class PlanText {
    private PlanText() {}

    public static String text(Plan.Result result, ChangeDirectory change) {
        return switch (result) {
            case Plan.Result.Refused(List<String> reasons) ->
                    "%s  digest %s\n%s"
                            .formatted(
                                    change.change().id(),
                                    short12(change.digest()),
                                    reasons.stream()
                                            .map(r -> "REFUSED " + r)
                                            .collect(Collectors.joining("\n")));
            case Plan.Result.Resolved(Plan plan) -> text(plan);
        };
    }

    public static String text(Plan plan) {
        var text = new StringBuilder();
        text.append(
                "%s  digest %s  plan %s   %d hosts  %d clusters  %d sources   expect: ok\n"
                        .formatted(
                                plan.changeId(),
                                short12(plan.changeDigest()),
                                short12(plan.digest()),
                                plan.selected().size(),
                                plan.clusters().size(),
                                plan.sources()));
        for (String wave : plan.waves()) {
            Map<String, List<PlanStep>> byCluster = new LinkedHashMap<>();
            plan.stepsOf(wave)
                    .forEach(
                            s ->
                                    byCluster
                                            .computeIfAbsent(s.cluster(), _ -> new ArrayList<>())
                                            .add(s));
            byCluster.forEach(
                    (cluster, steps) ->
                            text.append(
                                    "wave %-8s %s: %s\n"
                                            .formatted(
                                                    wave,
                                                    cluster.isEmpty() ? "spares" : cluster,
                                                    members(steps))));
        }
        text.append("worst %s, every step at its time limit\n".formatted(plan.worst()));
        String irreversible =
                plan.steps().stream()
                        .filter(s -> s.isDestructive() && s.undo().isEmpty())
                        .map(PlanStep::stepId)
                        .distinct()
                        .collect(Collectors.joining(", "));
        text.append("no way back after: %s".formatted(irreversible.isEmpty() ? "-" : irreversible));
        return text.toString();
    }

    public static String json(Plan.Result result, ChangeDirectory change) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("schemaVersion", 1);
        document.put("change", change.change().id());
        document.put("changeDigest", change.digest());
        switch (result) {
            case Plan.Result.Refused(List<String> reasons) -> {
                document.put("result", "refused");
                document.put("reasons", reasons);
            }
            case Plan.Result.Resolved(Plan plan) -> {
                document.put("result", "resolved");
                document.put("planDigest", plan.digest());
                document.put("hosts", plan.selected());
                document.put("clusters", plan.clusters());
                document.put("sources", plan.sources());
                document.put("steps", plan.steps());
            }
        }
        return StrictJson.write(document);
    }

    /// Hosts in the order of their first step, with switchovers where they happen.
    private static String members(List<PlanStep> steps) {
        List<String> words = new ArrayList<>();
        String last = "";
        for (PlanStep step : steps) {
            if (step.isSwitchover()) {
                words.add("[switchover from %s]".formatted(step.host()));
            } else if (!step.host().equals(last)) {
                words.add(step.host() + (words.contains(step.host()) ? " " + step.stepId() : ""));
                last = step.host();
            }
        }
        return String.join(" > ", words);
    }

    private static String short12(String digest) {
        return digest.substring(0, 12);
    }
}
