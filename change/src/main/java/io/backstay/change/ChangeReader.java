package io.backstay.change;

import io.backstay.change.yaml.Fault;
import io.backstay.change.yaml.Fields;
import io.backstay.change.yaml.YamlNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Fields of `change.yaml` to a [Change], collecting every fault.
final class ChangeReader {
    private static final Duration REHEARSAL_VALID_MAX = Duration.ofDays(30);

    private final Set<String> files;

    /// @param files names of all files of the change's directory
    ChangeReader(Set<String> files) {
        this.files = files;
    }

    /// A change that means something only if no fault was added.
    Change read(String file, YamlNode root, List<Fault> faults) {
        Fields fields = Fields.of(file, root, faults);
        fields.choice("apiVersion", Map.of("backstay/v1", true), true);
        fields.choice("kind", Map.of("Change", true), true);
        Change change =
                new Change(
                        fields.section(
                                "metadata",
                                "Add `metadata: {id, title, owner, author}`.",
                                this::metadata),
                        fields.choice(
                                "type",
                                Map.of(
                                        "normal",
                                        Change.Kind.NORMAL,
                                        "standard",
                                        Change.Kind.STANDARD,
                                        "emergency",
                                        Change.Kind.EMERGENCY),
                                Change.Kind.NORMAL),
                        fields.names(
                                "work", "Say what kinds of work it is: `work: [server-upgrade]`."),
                        fields.text("reason", "Say why, in one sentence."),
                        fields.section(
                                "targets",
                                "Say which hosts: `targets: {select: {all: [...]}, expect: {hosts, clusters, sources}}`.",
                                this::targets),
                        fields.section(
                                "order",
                                "Add `order: {perCluster: 1, acrossClusters: 1, sourceLast: true}`.",
                                this::order),
                        fields.section(
                                "downtime",
                                "Add the agreed limit: `downtime: {writesPerCluster: PT20S, readsPerCluster: PT0S, total: PT4M}`.",
                                this::downtime),
                        fields.section(
                                "preconditions",
                                "Add `preconditions: {minHealthyMembersLeft: 2}`.",
                                f ->
                                        new Change.Preconditions(
                                                f.count(
                                                        "minHealthyMembersLeft",
                                                        "How many other members must be healthy while one is worked on."))),
                        steps(fields),
                        fields.names(
                                "verify",
                                "Name at least one check, such as `verify: [member-health]`."),
                        waves(fields),
                        fields.choice(
                                "onFailure",
                                Map.of(
                                        "freeze",
                                        Change.OnFailure.FREEZE,
                                        "backout-member",
                                        Change.OnFailure.BACKOUT_MEMBER),
                                Change.OnFailure.FREEZE),
                        fields.section(
                                "backout",
                                "Say how it is taken back: `backout: {plan: per-step-undo, dataLossAllowed: none, rehearsed: required}`.",
                                this::backout),
                        fields.section(
                                "restore",
                                "Say how long a restore may take: `restore: {rto: PT45M, source: archive, rehearsed: required}`.",
                                this::restore),
                        fields.section(
                                "rehearsal",
                                "Add `rehearsal: {faults: [...], repeats: 3, validFor: P14D}`.",
                                this::rehearsal));
        backoutNamesAStep(fields, change);
        fields.end();
        return change;
    }

    private Change.Metadata metadata(Fields f) {
        String author = f.name("author", "Who wrote it; the author cannot approve it.");
        Set<String> editors = new TreeSet<>(f.optionalNames("editors"));
        editors.add(author);
        return new Change.Metadata(
                f.name("id", "An id that is used once, such as CHG-2026-0412."),
                f.text("title", "One line for the list of changes."),
                f.name("owner", "The team that answers for it; there is no default."),
                author,
                Set.copyOf(editors),
                f.optionalNames("reviewers"),
                f.optionalText("ticket"));
    }

    private Targets targets(Fields f) {
        return new Targets(
                f.section(
                        "select",
                        "Add `select: {all: [{label: role, in: [replica]}]}`.",
                        s ->
                                s.sections(
                                        "all",
                                        "A selection without a condition would be every host; write the condition.",
                                        this::condition)),
                f.optionalSection(
                                "exclude",
                                e -> Set.copyOf(new HashSet<>(e.names("hosts", "Name the hosts."))))
                        .orElse(Set.of()),
                f.section(
                        "expect",
                        "Add `expect: {hosts, clusters, sources}` with exact numbers; there is no default.",
                        e ->
                                new Targets.Expect(
                                        e.count("hosts", "The exact number of hosts."),
                                        e.count("clusters", "The exact number of clusters."),
                                        e.count("sources", "The exact number of sources."))));
    }

    private Targets.Condition condition(Fields f) {
        String label =
                f.name(
                        "label",
                        "The label's name; role, cluster and host are known for every host.");
        if (f.has("equals") && f.has("in")) {
            f.fault(f.placeOf("in"), "expected `equals` or `in`, found both", "Keep one.");
        }
        Set<String> values =
                f.has("in")
                        ? Set.copyOf(f.names("in", "At least one value."))
                        : Set.of(f.name("equals", "Write `equals: VALUE` or `in: [VALUES]`."));
        f.optionalText("equals");
        return new Targets.Condition(label, values);
    }

    private Change.Order order(Fields f) {
        YamlNode.Place perClusterAt = f.placeOf("perCluster");
        YamlNode.Place acrossAt = f.placeOf("acrossClusters");
        YamlNode.Place lastAt = f.placeOf("sourceLast");
        var order =
                new Change.Order(
                        f.count(
                                "perCluster",
                                "Always 1: two members of one cluster are never taken together."),
                        f.count("acrossClusters", "How many clusters of a wave at the same time."),
                        f.flag("sourceLast", false));
        if (order.perCluster() != 1) {
            f.fault(
                    perClusterAt,
                    "expected perCluster 1, found %d".formatted(order.perCluster()),
                    "Two members of one cluster are never taken together.");
        }
        if (order.acrossClusters() < 1) {
            f.fault(
                    acrossAt,
                    "expected acrossClusters of at least 1, found 0",
                    "With 0 nothing would ever be done.");
        }
        if (!order.sourceLast()) {
            f.fault(
                    lastAt,
                    "expected sourceLast: true",
                    "The source goes last, after a planned switchover.");
        }
        return order;
    }

    private Change.Downtime downtime(Fields f) {
        return new Change.Downtime(
                f.duration(
                        "writesPerCluster",
                        "The longest a cluster's clients may be unable to write."),
                f.duration(
                        "readsPerCluster",
                        "The longest a cluster's clients may be unable to read."),
                f.duration("total", "The sum over all clusters."));
    }

    private List<Step> steps(Fields fields) {
        Set<String> ids = new HashSet<>();
        var reader = new StepReader(files);
        return fields.sections(
                "steps",
                "At least one step, such as `- {id: stop, use: mysql.stop, timeout: PT1M, undo: mysql.start}`.",
                f -> {
                    YamlNode.Place at = f.placeOf("id");
                    Step step = reader.read(f);
                    if (!ids.add(step.id())) {
                        f.fault(
                                at,
                                "two steps are called `%s`".formatted(step.id()),
                                "Give each an id of its own.");
                    }
                    return step;
                });
    }

    private List<Change.Wave> waves(Fields fields) {
        Set<String> names = new HashSet<>();
        return fields.sections(
                "waves",
                "At least one, such as `waves: [{name: canary, clusters: 1}, {name: rest, clusters: rest}]`.",
                f -> {
                    YamlNode.Place at = f.placeOf("name");
                    String name = f.name("name", "A name for the ledger, such as canary.");
                    if (!names.add(name)) {
                        f.fault(
                                at,
                                "two waves are called `%s`".formatted(name),
                                "Give each a name of its own.");
                    }
                    if (!f.has("clusters") && !f.has("spares")) {
                        f.fault(
                                f.place(),
                                "expected `clusters` or `spares` in a wave, found neither",
                                "Write a number, or `rest`.");
                    }
                    return new Change.Wave(name, amount(f, "clusters"), amount(f, "spares"));
                });
    }

    private static Change.Amount amount(Fields f, String name) {
        if (!f.has(name)) {
            return new Change.Amount.Exactly(0);
        }
        YamlNode.Place at = f.placeOf(name);
        String text = f.optionalText(name).orElse("");
        if (text.equals("rest")) {
            return new Change.Amount.Rest();
        }
        if (text.matches("[1-9][0-9]{0,5}")) {
            return new Change.Amount.Exactly(Integer.parseInt(text));
        }
        f.fault(
                at,
                "expected a number from 1, or rest, in waves.%s, found `%s`".formatted(name, text),
                "Write a number, or `rest`.");
        return new Change.Amount.Exactly(0);
    }

    private Change.Backout backout(Fields f) {
        var backout =
                new Change.Backout(
                        f.optionalText("until"),
                        f.choice("plan", Map.of("per-step-undo", "per-step-undo"), "per-step-undo"),
                        f.choice("dataLossAllowed", Map.of("none", false), false));
        f.choice("rehearsed", Map.of("required", true), true);
        return backout;
    }

    private static void backoutNamesAStep(Fields f, Change change) {
        Optional<String> until = change.backout().until();
        if (until.isPresent() && change.findStep(until.get()).isEmpty()) {
            f.fault(
                    f.place(),
                    "backout.until names the step `%s`, which is not there".formatted(until.get()),
                    "Name one of: %s."
                            .formatted(
                                    String.join(
                                            ", ", change.steps().stream().map(Step::id).toList())));
        }
    }

    private Change.Restore restore(Fields f) {
        var restore =
                new Change.Restore(
                        f.duration("rto", "The longest a restore of one cluster may take."),
                        f.choice("source", Map.of("archive", "archive"), "archive"));
        f.choice("rehearsed", Map.of("required", true), true);
        return restore;
    }

    private Change.Rehearsal rehearsal(Fields f) {
        YamlNode.Place repeatsAt = f.placeOf("repeats");
        YamlNode.Place validAt = f.placeOf("validFor");
        var rehearsal =
                new Change.Rehearsal(
                        f.names("faults", "At least one fault to inject, such as kill-controller."),
                        f.count("repeats", "How many clean runs in a row."),
                        f.duration("validFor", "How long the evidence holds, such as P14D."),
                        f.optionalNames("acceptUnknowns"));
        if (rehearsal.repeats() < 1) {
            f.fault(
                    repeatsAt,
                    "expected rehearsal.repeats of at least 1, found 0",
                    "A change that was not tried is not carried out.");
        }
        if (rehearsal.validFor().isZero()
                || rehearsal.validFor().compareTo(REHEARSAL_VALID_MAX) > 0) {
            f.fault(
                    validAt,
                    "expected rehearsal.validFor from above zero to P30D",
                    "What was true a month ago may not be.");
        }
        return rehearsal;
    }
}
