package io.backstay.cli.faults;

import io.backstay.cli.faults.FaultDrill.Question;
import io.backstay.cli.faults.FaultDrill.WrongAnswerException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the guard is asked in a drill, and what it must answer.
final class GuardQuestions {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private GuardQuestions() {}

    /// `guard check` of the ground's target: exit 3, and these findings among the reasons, each as
    /// `live lock`.
    static Question refuses(String... findings) {
        return ground -> requireRefused(check(ground, List.of()), List.of(findings));
    }

    static Program.Answer check(DrillGround ground, List<String> more) {
        var words =
                new ArrayList<>(
                        List.of(
                                "--output",
                                "json",
                                "guard",
                                "check",
                                "--operation",
                                "wipe",
                                "--target",
                                "path:" + ground.target(),
                                "--state",
                                ground.state().toString()));
        words.addAll(more);
        return ground.program(words.toArray(String[]::new));
    }

    static String requireRefused(Program.Answer answer, List<String> findings) {
        if (answer.exit() != 3) {
            throw new WrongAnswerException("exit " + answer.exit() + ", not 3: " + answer.said());
        }
        List<String> found = reasons(answer.said());
        if (!found.containsAll(findings)) {
            throw new WrongAnswerException(
                    "expected " + findings + ", found " + found + ": " + answer.said());
        }
        return "refused: " + String.join(", ", findings);
    }

    static List<String> reasons(String json) {
        JsonNode root = JSON.readTree(json);
        JsonNode answer = root.has("answer") ? root.path("answer") : root;
        var found = new ArrayList<String>();
        for (JsonNode finding : answer.path("findings")) {
            if (!finding.path("finding").asString().equals("clear")) {
                found.add(
                        finding.path("finding").asString()
                                + " "
                                + finding.path("probe").asString());
            }
        }
        return found;
    }

    /// Words that this program must not take: exit 2.
    static Question isUsageError(String... words) {
        return ground -> {
            Program.Answer answer = ground.program(words);
            if (answer.exit() != 2) {
                throw new WrongAnswerException("exit " + answer.exit() + ", not 2");
            }
            return "refused as nonsense (exit 2)";
        };
    }

    /// The words of a check of some target.
    static String[] wipe(String target) {
        return new String[] {"guard", "check", "--operation", "wipe", "--target", target};
    }

    static Question both(Question first, Question second) {
        return ground -> first.ask(ground) + "; " + second.ask(ground);
    }
}
