package io.backstay.cli.faults;

import static io.backstay.cli.faults.GuardQuestions.both;
import static io.backstay.cli.faults.GuardQuestions.check;
import static io.backstay.cli.faults.GuardQuestions.isUsageError;
import static io.backstay.cli.faults.GuardQuestions.reasons;
import static io.backstay.cli.faults.GuardQuestions.refuses;
import static io.backstay.cli.faults.GuardQuestions.requireRefused;

import io.backstay.cli.faults.FaultDrill.Fooled;
import io.backstay.cli.faults.FaultDrill.Question;
import io.backstay.cli.faults.FaultDrill.WrongAnswerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Faults of logic and shell: a live server, and a script that is sure it is idle.
final class LogicFaults {
    private LogicFaults() {}

    private static final Question REFUSES = refuses("live lock", "live open-files");

    private static FaultDrill live(String id, String fault, Question question) {
        return new FaultDrill(id, fault, Fooled.SAYS_IDLE, DrillGround::liveServer, question);
    }

    private static FaultDrill frozen(String id, String fault, Fooled script) {
        return new FaultDrill(id, fault, script, DrillGround::freezeServer, REFUSES);
    }

    static List<FaultDrill> all() {
        var all = new ArrayList<FaultDrill>();
        all.addAll(ofConditions());
        all.addAll(ofAnswers());
        return all;
    }

    private static List<FaultDrill> ofConditions() {
        return List.of(
                live("D-01", "inverted test", REFUSES),
                live("D-02", "empty variable", both(REFUSES, isUsageError(wipe("path:")))),
                live("D-03", "query fails, empty output", REFUSES),
                live("D-04", "exit code lost in a pipe", REFUSES),
                live("D-05", "local hides a failure from set -e", REFUSES),
                live("D-06", "pipefail and a closed pipe", REFUSES),
                frozen("D-07", "timeout read as idle", Fooled.SAYS_IDLE),
                frozen("D-08", "a client that never gives up", Fooled.HANGS),
                live("D-09", "continue leaves the inner loop only", REFUSES),
                live("D-10", "the default is idle", REFUSES),
                live(
                        "D-12",
                        "an empty set means everything",
                        both(REFUSES, isUsageError(wipe("")))),
                live(
                        "D-13",
                        "no match is success",
                        both(REFUSES, isUsageError(wipe("path:/srv/no-such-*")))));
    }

    private static List<FaultDrill> ofAnswers() {
        return List.of(
                live("D-14", "exit code depends on the format", LogicFaults::sameInEveryFormat),
                live("D-15", "what is not listed is safe", LogicFaults::absentFolderIsBlind),
                live("D-16", "NULL read as 0", REFUSES),
                live("D-17", "a prefix matches another", LogicFaults::neighbourIsToldApart),
                new FaultDrill(
                        "D-18",
                        "an or swallows an error",
                        Fooled.SAYS_IDLE,
                        // all is empty and clear, one probe cannot look: no proven file system
                        ground -> ground.mount(ground.target(), "-t", "ramfs", "none"),
                        refuses("blind target")),
                live("D-20", "a dry run that does not look", REFUSES),
                live("D-21", "asked until it says yes", LogicFaults::saysNoFiveTimes),
                live("D-22", "a check in the background", LogicFaults::commandIsNotStarted),
                live(
                        "D-23",
                        "an unknown option is skipped",
                        ground -> {
                            var words = new ArrayList<>(List.of(wipe("path:" + ground.target())));
                            words.add("--dry-runn");
                            return isUsageError(words.toArray(String[]::new)).ask(ground);
                        }));
    }

    private static String[] wipe(String target) {
        return new String[] {"guard", "check", "--operation", "wipe", "--target", target};
    }

    private static String sameInEveryFormat(DrillGround ground) {
        String json = requireRefused(check(ground, List.of()), List.of("live lock"));
        int text = ground.program(wipe("path:" + ground.target())).exit();
        if (text != 3) {
            throw new WrongAnswerException("exit 3 in JSON, %d as text".formatted(text));
        }
        return json + "; the same exit code in both formats";
    }

    private static String absentFolderIsBlind(DrillGround ground) throws Exception {
        ground.target(ground.target().resolve("renamed-last-week"));
        return refuses("blind target").ask(ground);
    }

    private static String neighbourIsToldApart(DrillGround ground) throws Exception {
        String refused = REFUSES.ask(ground);
        Path neighbour = ground.target().resolveSibling(ground.target().getFileName() + "0");
        Files.createDirectories(neighbour);
        ground.target(neighbour);
        Program.Answer beside = check(ground, List.of());
        if (beside.exit() != 0) {
            throw new WrongAnswerException(
                    "the empty neighbour was refused: " + reasons(beside.said()));
        }
        return refused + "; its empty neighbour with the longer name is cleared";
    }

    private static String saysNoFiveTimes(DrillGround ground) {
        for (int i = 0; i < 5; i++) {
            requireRefused(check(ground, List.of()), List.of("live lock"));
        }
        return "refused five times out of five";
    }

    private static String commandIsNotStarted(DrillGround ground) {
        Path mark = ground.work("started");
        Program.Answer answer =
                ground.program(
                        "--output",
                        "json",
                        "guard",
                        "exec",
                        "--operation",
                        "wipe",
                        "--target",
                        "path:" + ground.target(),
                        "--state",
                        ground.state().toString(),
                        "--",
                        "touch",
                        mark.toString(),
                        "{target}/x");
        String refused = requireRefused(answer, List.of("live lock"));
        if (Files.exists(mark)) {
            throw new WrongAnswerException("the command was started");
        }
        return refused + "; the command was not started";
    }
}
