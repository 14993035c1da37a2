package io.backstay.cli.faults;

import static io.backstay.cli.faults.GuardQuestions.check;
import static io.backstay.cli.faults.GuardQuestions.isUsageError;
import static io.backstay.cli.faults.GuardQuestions.reasons;
import static io.backstay.cli.faults.GuardQuestions.refuses;
import static io.backstay.cli.faults.GuardQuestions.requireRefused;
import static io.backstay.cli.faults.GuardQuestions.wipe;
import static io.backstay.cli.faults.LogicFaults.NO_CHANGE;
import static io.backstay.cli.faults.LogicFaults.REFUSES;
import static io.backstay.cli.faults.LogicFaults.live;

import io.backstay.cli.faults.FaultDrill.Expected;
import io.backstay.cli.faults.FaultDrill.WrongAnswerException;
import io.backstay.doors.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// Faults of how answers are read: names, formats, options, retries.
final class AnswerFaults {
    private AnswerFaults() {}

    static List<FaultDrill> all() {
        var all = new ArrayList<FaultDrill>();
        all.addAll(ofNames());
        all.addAll(ofWays());
        return all;
    }

    private static List<FaultDrill> ofNames() {
        return List.of(
                new FaultDrill(
                        "D-15",
                        "what is not listed is safe",
                        Expected.IDLE,
                        ground -> {
                            ground.liveServer();
                            ground.note("list", "db1 active\ndb9 active\n");
                            ground.given("NAME", "db1");
                        },
                        ground -> ground.given("NAME", "db-renamed-last-week"),
                        AnswerFaults::absentFolderIsBlind),
                new FaultDrill(
                        "D-17",
                        "a prefix matches another",
                        Expected.IDLE,
                        ground -> {
                            ground.liveServer();
                            ground.note("list", "db1 active\ndb2 active\n");
                        },
                        ground -> ground.note("list", "db1 active\ndb2 active\ndb10 idle\n"),
                        AnswerFaults::neighbourIsToldApart),
                live(
                        "D-18",
                        "an or swallows an answer",
                        Expected.IDLE,
                        ground -> ground.mount(ground.target(), "-t", "tmpfs", "none"),
                        refuses("live lock", "live processes")),
                new FaultDrill(
                        "D-19",
                        "local time read as universal time",
                        Expected.IDLE,
                        ground -> {
                            ground.liveServer();
                            Files.setLastModifiedTime(
                                    ground.target().resolve("ibdata1"),
                                    java.nio.file.attribute.FileTime.from(java.time.Instant.now()));
                            ground.given("TZ", "UTC0");
                        },
                        ground -> ground.given("TZ", "HERE8"),
                        REFUSES));
    }

    private static List<FaultDrill> ofWays() {
        return List.of(
                new FaultDrill(
                        "D-14",
                        "exit code depends on the format",
                        Expected.because("\"active\""),
                        ground -> {
                            ground.liveServer();
                            ground.given("FORMAT", "text");
                        },
                        ground -> ground.given("FORMAT", "json"),
                        AnswerFaults::sameInEveryFormat),
                new FaultDrill(
                        "D-20",
                        "a dry run that does not look",
                        Expected.because("would wipe"),
                        ground -> {
                            ground.liveServer();
                            ground.given("DRY_RUN", "");
                        },
                        ground -> ground.given("DRY_RUN", "1"),
                        REFUSES),
                live(
                        "D-21",
                        "asked until it says yes",
                        Expected.because("at attempt 4"),
                        AnswerFaults::fourthAnswerIsLost,
                        AnswerFaults::saysNoFiveTimes),
                live(
                        "D-22",
                        "a check in the background",
                        Expected.IDLE,
                        NO_CHANGE,
                        AnswerFaults::commandIsNotStarted),
                new FaultDrill(
                        "D-23",
                        "an unknown option is skipped",
                        Expected.IDLE,
                        ground -> {
                            ground.liveServer();
                            ground.given("OPTIONS", "--check");
                        },
                        ground -> ground.given("OPTIONS", "--chekc"),
                        ground -> {
                            var words = new ArrayList<>(List.of(wipe("path:" + ground.target())));
                            words.add("--dry-runn");
                            return isUsageError(words.toArray(String[]::new)).ask(ground);
                        }));
    }

    /// The network drops one answer.
    private static void fourthAnswerIsLost(DrillGround ground) throws Exception {
        Path client = ground.work("client");
        Disk.writeAtomically(
                client,
                """
                #!/bin/sh
                echo >>"$WORK/calls"
                [ "$(wc -l <"$WORK/calls")" = 4 ] && exit 1
                exec "$REAL_CLIENT" "$@"
                """);
        Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("rwx------"));
        ground.given("REAL_CLIENT", ground.client());
        ground.given("MYSQL", client);
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
