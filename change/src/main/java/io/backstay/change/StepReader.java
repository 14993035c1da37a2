package io.backstay.change;

import io.backstay.change.yaml.Fields;
import io.backstay.change.yaml.YamlNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Fields of one step to a [Step]: a destructive step names its guard and its undo, or why there is
/// none.
final class StepReader {
    private static final String NO_UNDO = "none";
    private static final String GUARD = "no-active-data";

    private final Set<String> files;

    StepReader(Set<String> files) {
        this.files = files;
    }

    Step read(Fields f) {
        YamlNode.Place at = f.place();
        YamlNode.Place timeoutAt = f.placeOf("timeout");
        YamlNode.Place destructiveAt = f.placeOf("destructive");
        String id = f.name("id", "A short name, such as `stop`.");
        StepUse use = f.choice("use", StepUse.words(), StepUse.SCRIPT_RUN);
        Step.When when =
                f.has("when")
                        ? f.choice(
                                "when",
                                Map.of(
                                        "role == source",
                                        Step.When.SOURCE,
                                        "cluster == done",
                                        Step.When.CLUSTER_DONE),
                                Step.When.ALWAYS)
                        : Step.When.ALWAYS;
        Duration timeout =
                f.duration("timeout", "How long it may take before it is in doubt, such as PT5M.");
        if (timeout.isZero()) {
            f.fault(
                    timeoutAt,
                    "expected a timeout above zero in step `%s`".formatted(id),
                    "A step without time can only fail.");
        }
        Optional<String> undo = undo(f, id);
        boolean isDestructive = f.flag("destructive", false);
        if (use.destroys() && !isDestructive) {
            f.fault(
                    destructiveAt,
                    "expected destructive: true in step `%s`, for %s destroys data"
                            .formatted(id, use.word()),
                    "Say so, and name the guard: `destructive: true, guard: %s`.".formatted(GUARD));
        }
        Optional<String> guard =
                f.has("guard")
                        ? Optional.of(f.choice("guard", Map.of(GUARD, GUARD), GUARD))
                        : Optional.empty();
        if (isDestructive && guard.isEmpty()) {
            f.fault(
                    at,
                    "the destructive step `%s` names no guard".formatted(id),
                    "Add `guard: %s`.".formatted(GUARD));
        }
        Optional<String> irreversible = f.optionalText("irreversible");
        if (isDestructive && undo.isEmpty() && irreversible.isEmpty()) {
            f.fault(
                    at,
                    "the destructive step `%s` has no undo and does not say why".formatted(id),
                    "Add `irreversible: REASON`, or name an undo.");
        }
        if (undo.isPresent() && irreversible.isPresent()) {
            f.fault(
                    at,
                    "step `%s` has an undo and is irreversible".formatted(id),
                    "Keep one of them.");
        }
        return new Step(
                id,
                use,
                when,
                timeout,
                undo,
                isDestructive,
                guard,
                irreversible,
                command(f, id, use),
                f.optionalTextMap("args"));
    }

    private Optional<String> undo(Fields f, String id) {
        YamlNode.Place at = f.placeOf("undo");
        String undo = f.text("undo", "Name the action that takes the step back, or `undo: none`.");
        if (!undo.isEmpty()
                && !undo.equals(NO_UNDO)
                && StepUse.find(undo).isEmpty()
                && !files.contains(undo)) {
            f.fault(
                    at,
                    "step `%s` names the undo `%s`, which is neither an action nor a file here"
                            .formatted(id, undo),
                    "Name an action such as mysql.start, a script of this directory, or none.");
        }
        return undo.isEmpty() || undo.equals(NO_UNDO) ? Optional.empty() : Optional.of(undo);
    }

    private List<String> command(Fields f, String id, StepUse use) {
        YamlNode.Place at = f.placeOf("command");
        List<String> command = f.optionalTexts("command");
        if (use == StepUse.SCRIPT_RUN && command.isEmpty()) {
            f.fault(
                    at,
                    "step `%s` runs a script but names none".formatted(id),
                    "Add `command: [FILE, ARGUMENT]`: a list, never a shell string.");
        } else if (use != StepUse.SCRIPT_RUN && !command.isEmpty()) {
            f.fault(
                    at,
                    "step `%s` has a command, but %s takes none".formatted(id, use.word()),
                    "Leave it out, or `use: script.run`.");
        } else if (!command.isEmpty() && !files.contains(command.getFirst())) {
            f.fault(
                    at,
                    "step `%s` runs `%s`, which is not in the change's directory"
                            .formatted(id, command.getFirst()),
                    "Put the script beside change.yaml, so that its bytes are approved too.");
        }
        return command;
    }
}
