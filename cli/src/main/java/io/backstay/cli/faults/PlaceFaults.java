package io.backstay.cli.faults;

import static io.backstay.cli.faults.GuardQuestions.both;
import static io.backstay.cli.faults.GuardQuestions.refuses;

import io.backstay.cli.faults.FaultDrill.Expected;
import io.backstay.cli.faults.FaultDrill.WrongAnswerException;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.GuardedAct;
import io.backstay.guard.HostView;
import io.backstay.guard.Interlock;
import io.backstay.guard.Target;
import io.backstay.lab.LabServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Faults of wrong place and wrong time.
final class PlaceFaults {
    private PlaceFaults() {}

    static List<FaultDrill> all() {
        return List.of(
                new FaultDrill(
                        "D-30",
                        "the check ran on another host",
                        Expected.IDLE,
                        ground -> ground.appSession(ground.liveServer()),
                        PlaceFaults::nameLeadsToAnother,
                        refuses("live lock", "live processes")),
                new FaultDrill(
                        "D-31",
                        "the name moved between check and act",
                        Expected.IDLE,
                        ground -> nameLeadsTo(ground, ground.liveServer().settings().dataDir()),
                        ground -> nameLeadsTo(ground, ground.fresh("elsewhere")),
                        PlaceFaults::linkIsNoTarget),
                new FaultDrill(
                        "D-32",
                        "somebody moved in after the check",
                        Expected.IDLE,
                        ground -> ground.holder(ground.target()),
                        ground -> ground.end(),
                        PlaceFaults::lateArrivalIsSeen),
                new FaultDrill(
                        "D-33",
                        "an old answer is used again",
                        Expected.IDLE,
                        ground -> ground.holder(ground.target()),
                        PlaceFaults::oldAnswer,
                        refuses("live open-files")),
                new FaultDrill(
                        "D-34",
                        "a failover after the look",
                        Expected.IDLE,
                        DrillGround::liveServer,
                        PlaceFaults::replicaForAMoment,
                        PlaceFaults::promotedMeanwhile),
                new FaultDrill(
                        "D-38",
                        "killed in the middle, begun again",
                        Expected.IDLE,
                        ground -> ground.note("job.lock", "1"),
                        ground -> Files.delete(ground.work("job.lock")),
                        both(PlaceFaults::killedRunIsRemembered, refuses("blind target"))));
    }

    /// An alias that leads to a server without clients.
    private static void nameLeadsToAnother(DrillGround ground) {
        LabServer other = ground.servers().fresh(2);
        ground.later(other::kill);
        ground.given("ADDRESS", other.settings().address());
    }

    private static void nameLeadsTo(DrillGround ground, Path folder) throws IOException {
        Path current = ground.work("current");
        Files.deleteIfExists(current);
        Files.createSymbolicLink(current, folder);
    }

    /// Looked at while it was empty; the answer is kept, and somebody moves in.
    private static void oldAnswer(DrillGround ground) throws IOException {
        ground.end();
        Files.deleteIfExists(ground.work("cached-verdict"));
        ground.naive(NaiveScript.of("D-33"));
        ground.holder(ground.target());
    }

    private static void replicaForAMoment(DrillGround ground) {
        ground.servers().run(ground.liveServer(), "SET GLOBAL read_only = 1");
        ground.later(
                () -> ground.servers().run(ground.servers().live(), "SET GLOBAL read_only = 0"));
    }

    /// Promoted since; a client writes.
    private static String promotedMeanwhile(DrillGround ground) throws Exception {
        LabServer server = ground.liveServer();
        ground.servers().run(server, "SET GLOBAL read_only = 0");
        try (var statement = ground.appSession(server).createStatement()) {
            statement.execute("REPLACE INTO shop.orders VALUES (34)");
        }
        return refuses("live lock", "live sockets").ask(ground);
    }

    private static String linkIsNoTarget(DrillGround ground) throws Exception {
        nameLeadsTo(ground, ground.target());
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
        return "refused at the second look: "
                + answer.reasons().getFirst().strip().split(" {2,}")[0]
                + " "
                + answer.reasons().getFirst().strip().split(" {2,}")[1];
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
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (Files.notExists(mark)) {
            if (!guard.isAlive() || System.nanoTime() > until) {
                throw new WrongAnswerException("the guard did not start its command");
            }
            Thread.sleep(20);
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
