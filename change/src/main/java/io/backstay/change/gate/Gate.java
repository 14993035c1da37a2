package io.backstay.change.gate;

import io.backstay.change.evidence.BreakGlass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Holds every rule of a policy against the facts. Pure.
///
/// - All rules are always evaluated.
/// - A rule holds only if every fact it reads is there, is of its type, and its expression is true.
///   Missing, odd, failing and unknown are no.
/// - A rule about `cluster` must hold for each cluster of the plan or wave; a cluster without facts
///   denies.
/// - Break-glass turns the no of a waivable rule into *opened*, and nothing else.
public final class Gate {
    private Gate() {}

    /// @param breakGlass verified, about these subjects, and open
    public static GateVerdict evaluate(
            Policy policy, GateFacts facts, Optional<BreakGlass> breakGlass) {
        List<GateVerdict.RuleResult> results = new ArrayList<>();
        for (Rule rule : policy.rules()) {
            Optional<String> no =
                    rule.isPerCluster()
                            ? whyNotPerCluster(rule, facts)
                            : whyNot(rule, facts.byPath(), "");
            results.add(
                    new GateVerdict.RuleResult(
                            rule.id(), outcome(rule, no, breakGlass.isPresent()), no.orElse("")));
        }
        return new GateVerdict(
                policy.id(), policy.digest(), facts.digest(), List.copyOf(results), facts.notes());
    }

    private static GateVerdict.Outcome outcome(
            Rule rule, Optional<String> no, boolean isGlassBroken) {
        if (no.isEmpty()) {
            return GateVerdict.Outcome.OK;
        }
        return switch (rule.severity()) {
            case WARN -> GateVerdict.Outcome.WARNED;
            case AUDIT -> GateVerdict.Outcome.AUDITED;
            case DENY ->
                    rule.isOpenedByBreakGlass() && isGlassBroken
                            ? GateVerdict.Outcome.OPENED
                            : GateVerdict.Outcome.DENIED;
        };
    }

    private static Optional<String> whyNotPerCluster(Rule rule, GateFacts facts) {
        List<String> reasons = new ArrayList<>();
        for (String cluster : facts.clusters()) {
            if (!facts.byCluster().containsKey(cluster)) {
                reasons.add("%s: no facts".formatted(cluster));
            } else {
                whyNot(rule, facts.of(cluster), cluster + ": ").ifPresent(reasons::add);
            }
        }
        return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
    }

    private static Optional<String> whyNot(Rule rule, Map<String, Object> facts, String about) {
        SortedSet<String> faults = new TreeSet<>();
        for (String path : rule.paths()) {
            Object value = facts.get(path);
            if (value == null) {
                faults.add("no fact " + path);
            } else {
                FactSchema.find(path)
                        .map(type -> type.faultIn(value))
                        .orElse(Optional.of("no such fact"))
                        .ifPresent(fault -> faults.add("%s: %s".formatted(path, fault)));
            }
        }
        if (!faults.isEmpty()) {
            return Optional.of(about + String.join(", ", faults));
        }
        return switch (CelExpression.compile(rule.expr())) {
            case CelExpression.Compiling.Faulty(String why) -> Optional.of(about + why);
            case CelExpression.Compiling.Compiled(CelExpression expression) ->
                    switch (expression.evaluate(facts)) {
                        case CelExpression.Value.True() -> Optional.empty();
                        case CelExpression.Value.False() ->
                                Optional.of(
                                        "%s%s (%s)"
                                                .formatted(
                                                        about,
                                                        rule.message(),
                                                        GateVerdict.shown(rule.paths(), facts)));
                        case CelExpression.Value.Failed(String why) ->
                                Optional.of("%scannot be told: %s".formatted(about, why));
                    };
        };
    }
}
