package io.backstay.cli.faults;

import static io.backstay.cli.faults.GuardQuestions.both;
import static io.backstay.cli.faults.GuardQuestions.isUsageError;
import static io.backstay.cli.faults.GuardQuestions.refuses;
import static io.backstay.cli.faults.GuardQuestions.wipe;

import io.backstay.cli.faults.FaultDrill.Expected;
import io.backstay.cli.faults.FaultDrill.Question;
import io.backstay.cli.faults.FaultDrill.Situation;
import io.backstay.doors.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Faults of conditions and of shell: a live server, and a script that is sure it is idle.
final class LogicFaults {
    private LogicFaults() {}

    static final Question REFUSES = refuses("live lock", "live open-files");

    /// The script alone is at fault.
    static final Situation NO_CHANGE = _ -> {};

    /// The password that the script has is an old one.
    private static final Situation OLD_PASSWORD =
            ground -> ground.given("OPTION_FILE", ground.optionFile("theoldone"));

    static FaultDrill live(
            String id, String fault, Expected expected, Situation situation, Question question) {
        return new FaultDrill(id, fault, expected, DrillGround::liveServer, situation, question);
    }

    static List<FaultDrill> all() {
        var all = new ArrayList<FaultDrill>();
        all.addAll(ofConditions());
        all.addAll(ofFailures());
        all.addAll(ofSets());
        return all;
    }

    private static List<FaultDrill> ofConditions() {
        return List.of(
                live("D-01", "inverted test", Expected.IDLE, NO_CHANGE, REFUSES),
                new FaultDrill(
                        "D-02",
                        "empty variable",
                        Expected.IDLE,
                        ground -> {
                            ground.liveServer();
                            ground.note("inventory", "db1 source\ndb2 replica\n");
                        },
                        ground -> ground.note("inventory", "db2 replica\n"),
                        both(REFUSES, isUsageError(wipe("path:")))),
                live(
                        "D-06",
                        "pipefail and a closed pipe",
                        Expected.because("rc 141"),
                        LogicFaults::manyLongNames,
                        REFUSES),
                live(
                        "D-09",
                        "continue leaves the inner loop only",
                        Expected.because("very dangerous"),
                        NO_CHANGE,
                        REFUSES),
                new FaultDrill(
                        "D-11",
                        "wrong variable in the cleanup",
                        Expected.IDLE,
                        ground -> {
                            ground.liveServer();
                            ground.note("queue", "db1\ndb7\n");
                            ground.given("DONE_HOST", "db1");
                        },
                        ground -> ground.given("DONE_HOST", "None"),
                        REFUSES));
    }

    private static List<FaultDrill> ofFailures() {
        return List.of(
                live(
                        "D-03",
                        "query fails, empty output",
                        Expected.because("1045"),
                        OLD_PASSWORD,
                        REFUSES),
                live(
                        "D-04",
                        "exit code lost in a pipe",
                        Expected.because("1045"),
                        OLD_PASSWORD,
                        REFUSES),
                live(
                        "D-05",
                        "local hides a failure from set -e",
                        Expected.because("1045"),
                        OLD_PASSWORD,
                        REFUSES),
                live(
                        "D-10",
                        "the default is idle",
                        Expected.because("1045"),
                        OLD_PASSWORD,
                        REFUSES),
                live(
                        "D-07",
                        "timeout read as idle",
                        Expected.because("rc 137"),
                        ground -> ground.freeze(ground.liveServer()),
                        REFUSES),
                live(
                        "D-08",
                        "a client that never gives up",
                        Expected.HANGS,
                        ground -> ground.freeze(ground.liveServer()),
                        REFUSES));
    }

    private static List<FaultDrill> ofSets() {
        return List.of(
                new FaultDrill(
                        "D-12",
                        "an empty set means everything",
                        Expected.IDLE,
                        ground -> {
                            ground.liveServer();
                            ground.note("active", ground.target() + "\n");
                        },
                        ground -> ground.note("active", ""),
                        both(REFUSES, isUsageError(wipe("")))),
                live(
                        "D-13",
                        "no match is success",
                        Expected.IDLE,
                        ground -> ground.given("RUN_DIR", ground.fresh("run")),
                        both(REFUSES, isUsageError(wipe("path:/srv/no-such-*")))));
    }

    /// More than a pipe holds, behind the name that is looked for.
    private static void manyLongNames(DrillGround ground) throws Exception {
        Path folder = ground.target();
        String tail = "z".repeat(200);
        ground.later(
                () -> {
                    for (int i = 0; i < 1500; i++) {
                        Disk.deleteTree(folder.resolve("z%05d%s".formatted(i, tail)));
                    }
                });
        for (int i = 0; i < 1500; i++) {
            Files.createFile(folder.resolve("z%05d%s".formatted(i, tail)));
        }
    }
}
