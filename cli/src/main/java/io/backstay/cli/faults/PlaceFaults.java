package io.backstay.cli.faults;

import static io.backstay.cli.faults.GuardQuestions.both;
import static io.backstay.cli.faults.GuardQuestions.refuses;

import io.backstay.cli.faults.FaultDrill.Fooled;
import io.backstay.cli.faults.FaultDrill.WrongAnswerException;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.GuardedAct;
import io.backstay.guard.HostView;
import io.backstay.guard.Interlock;
import io.backstay.guard.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Faults of wrong place and wrong time.
final class PlaceFaults {
    private PlaceFaults() {}

    static List<FaultDrill> all() {
        return List.of(
                new FaultDrill(
                        "D-30",
                        "the check ran on another host",
                        Fooled.SAYS_IDLE,
                        DrillGround::liveServer,
                        refuses("live lock", "live processes")),
                new FaultDrill(
                        "D-31",
                        "the name moved between check and act",
                        Fooled.SAYS_IDLE,
                        PlaceFaults::movedName,
                        PlaceFaults::linkIsNoTarget),
                new FaultDrill(
                        "D-32",
                        "somebody moved in after the check",
                        Fooled.SAYS_IDLE,
                        ground -> Files.deleteIfExists(ground.work("moved-in")),
                        PlaceFaults::lateArrivalIsSeen),
                new FaultDrill(
                        "D-33",
                        "an old answer is used again",
                        Fooled.SAYS_IDLE,
                        ground -> {
                            Files.writeString(ground.work("cached-verdict"), "idle\n");
                            ground.liveServer();
                        },
                        refuses("live lock")),
                new FaultDrill(
                        "D-38",
                        "killed in the middle, begun again",
                        Fooled.SAYS_IDLE,
                        DrillGround::begin,
                        both(PlaceFaults::killedRunIsRemembered, refuses("blind target"))));
    }

    private static void movedName(DrillGround ground) throws IOException {
        ground.liveServer();
        Files.createDirectories(ground.work("current-then"));
        Path current = ground.work("current");
        Files.deleteIfExists(current);
        Files.createSymbolicLink(current, ground.target());
    }

    private static String linkIsNoTarget(DrillGround ground) throws Exception {
        String refused = refuses("live lock").ask(ground);
        ground.target(ground.work("current"));
        int exit = GuardQuestions.check(ground, List.of()).exit();
        if (exit != 2) {
            throw new WrongAnswerException("a link was taken for a target: exit " + exit);
        }
        return refused + "; a name that is a link is no target (exit 2)";
    }

    /// Somebody moves in between the first look and the interlock.
    private static String lateArrivalIsSeen(DrillGround ground) {
        var request =
                new GuardRequest(
                        "wipe",
                        Target.parse("path:" + ground.target()),
                        HostView.unconfigured(ground.state()));
        GuardedAct.Outcome outcome =
                GuardedAct.run(
                        Guard.ofThisHost(),
                        request,
                        new GuardedAct.Recorder() {
                            @Override
                            public void holding(Path held) {
                                try {
                                    ground.holder(ground.target());
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            }

                            @Override
                            public void intent(GuardAnswer answer, Path held, Interlock.Kind kind) {
                                throw new WrongAnswerException("the act was about to begin");
                            }
                        },
                        _ -> {
                            throw new WrongAnswerException("it was done");
                        });
        if (!(outcome instanceof GuardedAct.Outcome.Refused(GuardAnswer answer))) {
            throw new WrongAnswerException("not refused: " + outcome);
        }
        return "refused at the second look: " + answer.reasons().getFirst().strip();
    }

    /// A guard of its own is killed while its command runs; the next run must not begin.
    private static String killedRunIsRemembered(DrillGround ground) throws Exception {
        Path mark = ground.fresh("mark").resolve("runs");
        Process guard =
                GuardProcess.start(
                        List.of(),
                        List.of(
                                "guard",
                                "exec",
                                "--operation",
                                "wipe",
                                "--target",
                                "path:" + ground.target(),
                                "--state",
                                ground.state().toString(),
                                "--",
                                "sh",
                                "-c",
                                "echo $$ >\"$1.tmp\"; mv \"$1.tmp\" \"$1\"; exec sleep 600",
                                "{target}",
                                mark.toString()));
        ground.later(() -> guard.destroyForcibly().waitFor());
        while (Files.notExists(mark) && guard.isAlive()) {
            Thread.onSpinWait();
        }
        guard.destroyForcibly().waitFor();
        long command = Long.parseLong(Files.readString(mark).strip());
        ground.later(() -> ProcessHandle.of(command).ifPresent(ProcessHandle::destroyForcibly));
        int next =
                ground.program(
                                "guard",
                                "exec",
                                "--operation",
                                "wipe",
                                "--target",
                                "path:" + ground.target(),
                                "--state",
                                ground.state().toString(),
                                "--",
                                "true",
                                "{target}")
                        .exit();
        if (next != 5) {
            throw new WrongAnswerException("the next run ended with %d, not 5".formatted(next));
        }
        return "in doubt (exit 5)";
    }
}
