package io.backstay.change.gate;

import io.backstay.change.yaml.Fault;
import io.backstay.change.yaml.FaultyFileException;
import io.backstay.change.yaml.Fields;
import io.backstay.change.yaml.YamlNode;
import io.backstay.change.yaml.YamlText;
import io.backstay.doors.Disk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The rules a fleet's owner has written down, compiled.
///
/// As YAML: `apiVersion: backstay/v1`, `kind: Policy`, `metadata: {id, owner}`, and `rules`, each
/// with `id`, `expr`, `message`, `severity: deny | warn | audit`, `waivable: never | break-glass`.
///
/// - At least one rule denies.
/// - A rule that reads how much is touched, or what a cluster has left, is never waivable.
/// - Every fact a rule reads is one that exists.
///
/// @param digest SHA-256 of the file's bytes
public record Policy(String id, String digest, List<Rule> rules) {

    public static Policy load(Path file) {
        return parse(file.toString(), Disk.readText(file));
    }

    /// @param file as the person named it, for messages
    /// @throws FaultyFileException with every fault
    public static Policy parse(String file, String text) {
        List<Fault> faults = new ArrayList<>();
        Fields fields = Fields.of(file, YamlText.parse(file, text), faults);
        fields.choice("apiVersion", Map.of("backstay/v1", true), true);
        fields.choice("kind", Map.of("Policy", true), true);
        String id =
                fields.section(
                        "metadata",
                        "Add `metadata: {id, owner}`.",
                        f -> {
                            f.name("owner", "The team that answers for it.");
                            return f.name("id", "A name for messages.");
                        });
        Set<String> ids = new HashSet<>();
        List<Rule> rules =
                fields.sections(
                        "rules",
                        "A policy without rules would allow everything.",
                        f -> rule(f, ids));
        if (!rules.isEmpty() && rules.stream().noneMatch(r -> r.severity() == Rule.Severity.DENY)) {
            fields.fault(
                    fields.place(),
                    "no rule denies",
                    "A policy without a rule of severity deny would allow everything.");
        }
        fields.end();
        if (!faults.isEmpty()) {
            throw new FaultyFileException(file, faults.stream().sorted(Fault.IN_ORDER).toList());
        }
        return new Policy(
                id, Disk.sha256(text.getBytes(StandardCharsets.UTF_8)), List.copyOf(rules));
    }

    private static Rule rule(Fields f, Set<String> ids) {
        YamlNode.Place idAt = f.placeOf("id");
        YamlNode.Place exprAt = f.placeOf("expr");
        YamlNode.Place waivableAt = f.placeOf("waivable");
        String id = f.name("id", "A short name for the verdict.");
        if (!ids.add(id)) {
            f.fault(idAt, "two rules are called `%s`".formatted(id), "Give each an id of its own.");
        }
        String expr = f.text("expr", "A CEL expression that is true when the change may go on.");
        TreeSet<String> paths = new TreeSet<>();
        switch (CelExpression.compile(expr)) {
            case CelExpression.Compiling.Faulty(String why) ->
                    f.fault(
                            exprAt,
                            "rule %s: %s".formatted(id, why),
                            "Facts are: %s.".formatted(String.join(", ", FactSchema.paths())));
            case CelExpression.Compiling.Compiled(CelExpression compiled) ->
                    paths.addAll(compiled.paths());
        }
        Rule.Severity severity =
                f.choice(
                        "severity",
                        Map.of(
                                "deny",
                                Rule.Severity.DENY,
                                "warn",
                                Rule.Severity.WARN,
                                "audit",
                                Rule.Severity.AUDIT),
                        Rule.Severity.DENY);
        boolean isOpened = f.choice("waivable", Map.of("never", false, "break-glass", true), false);
        if (isOpened && paths.stream().anyMatch(FactSchema::isNeverOpened)) {
            f.fault(
                    waivableAt,
                    "rule %s is waivable, but is about the size of the plan or what a cluster has left"
                            .formatted(id),
                    "Write `waivable: never`; break-glass opens rules about evidence, people and time only.");
        }
        return new Rule(
                id,
                expr,
                f.text("message", "What to say when it does not hold."),
                severity,
                isOpened,
                paths);
    }
}
