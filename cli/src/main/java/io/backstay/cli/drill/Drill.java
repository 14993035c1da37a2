package io.backstay.cli.drill;

import io.backstay.cli.report.Outcome;
import io.backstay.cli.report.ReportModel;
import io.backstay.doors.Disk;
import io.backstay.doors.Time;
import io.backstay.lab.Accounts;
import io.backstay.lab.RunFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Plays the acts, one after the other, and leaves no server behind: not at its end, not at Ctrl-C;
/// what a killed drill left is found by the next one in the same folder.
final class Drill {
    private static final List<Act> ACTS =
            List.of(new ActOne(), new ActTwo(), new ActThree(), new ActFour(), new ActFive());

    private final DrillOptions options;
    private final DrillFolders folders;
    private final boolean isResumed;
    private final boolean isKept;
    private final Talk talk;
    private final Time time = Time.system();

    /// @param isResumed goes on with what the folder holds
    /// @param isKept servers stay up at the end
    Drill(
            DrillOptions options,
            DrillFolders folders,
            boolean isResumed,
            boolean isKept,
            Talk talk) {
        this.options = options;
        this.folders = folders;
        this.isResumed = isResumed;
        this.isKept = isKept;
        this.talk = talk;
    }

    /// @param howToConnect lines for people; empty unless the servers are kept
    record End(ClaimBook claims, List<String> howToConnect) {}

    End play() throws Exception {
        Disk.folder(folders.root());
        try (RunFile runFile = RunFile.open(folders.servers())) {
            var onStage = new AtomicReference<@Nullable Stage>();
            Thread hook = new Thread(() -> stop(onStage.get(), runFile), "stop-servers");
            // a fleet that was never whole is no state to go on from
            boolean goesOn =
                    isResumed
                            && DrillRecord.find(folders.record())
                                    .filter(earlier -> earlier.isEnded(0))
                                    .isPresent();
            if (!goesOn) {
                startAfresh(runFile);
            }
            DrillRecord record =
                    goesOn
                            ? DrillRecord.find(folders.record()).orElseThrow()
                            : DrillRecord.begin(folders.record(), options, time.now());
            Runtime.getRuntime().addShutdownHook(hook);
            try (Stage stage = Stage.open(options, folders, record, runFile, talk, time)) {
                onStage.set(stage);
                playAndReport(stage);
                return new End(stage.claims, isKept ? howToConnect(stage) : List.of());
            } finally {
                if (!isKept) {
                    runFile.sweepForGood();
                }
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    /// Ctrl-C: the servers end, and no step is written down as failed because they did.
    private static void stop(@Nullable Stage stage, RunFile runFile) {
        if (stage == null) {
            runFile.sweepForGood();
        } else {
            stage.room.whileNothingIsWritten(runFile::sweepForGood);
        }
    }

    /// A drill that was stopped has its page too: that is when people look.
    private void playAndReport(Stage stage) throws Exception {
        try {
            play(stage);
        } catch (Exception e) {
            try {
                new ReportBuilder(stage).write();
            } catch (RuntimeException unwritten) {
                e.addSuppressed(unwritten);
            }
            throw e;
        }
        talk.step("write " + folders.report().getFileName());
        new ReportBuilder(stage).write();
    }

    private void play(Stage stage) throws Exception {
        if (stage.record.isEnded(0)) {
            new Prologue().resume(stage);
        } else {
            play(stage, new Prologue());
        }
        for (Act act : ACTS) {
            if (!options.acts().contains(act.number()) || stage.record.isEnded(act.number())) {
                continue;
            }
            if (act.needsRoot() && !isRoot()) {
                talk.act(act.number(), act.title());
                talk.found("not played: it needs root");
                stage.claims.notCovered(
                        act.number(),
                        "act-" + act.number(),
                        act.title(),
                        "needs root: its guards must see every process of this machine");
            } else {
                play(stage, act);
            }
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name", "").equals("root");
    }

    private void play(Stage stage, Act act) throws Exception {
        talk.act(act.number(), act.title());
        Instant begun = time.now();
        boolean succeeded = false;
        try {
            act.play(stage);
            succeeded = true;
        } finally {
            if (!succeeded) {
                stage.record.keep(stage.claims.all());
            }
        }
        boolean allHold =
                stage.claims.all().stream()
                        .filter(claim -> claim.act() == act.number())
                        .noneMatch(claim -> claim.outcome() == ClaimBook.Outcome.FAILED);
        stage.record.end(
                act.number(),
                stage.claims.all(),
                new ReportModel.Act(
                        act.number(),
                        act.title(),
                        begun,
                        time.now(),
                        allHold ? Outcome.PASSED : Outcome.FAILED,
                        stage.takeSteps()));
    }

    /// The members' own addresses: the clusters' end with this program.
    private List<String> howToConnect(Stage stage) {
        var lines = new ArrayList<String>();
        stage.fleet
                .clusters()
                .forEach(
                        cluster -> {
                            String source = stage.source(stage.fleet, cluster.name()).name();
                            cluster.members()
                                    .forEach(
                                            member ->
                                                    lines.add(
                                                            "%s %-7s %s?password-file=%s"
                                                                    .formatted(
                                                                            member.name(),
                                                                            member.name()
                                                                                            .equals(
                                                                                                    source)
                                                                                    ? "source"
                                                                                    : "replica",
                                                                            member.url(
                                                                                    Accounts.APP),
                                                                            Secrets.file(
                                                                                    folders,
                                                                                    Accounts
                                                                                            .APP))));
                        });
        lines.add("the next drill with --dir %s ends them".formatted(folders.root()));
        return lines;
    }

    /// Ends what a former drill in this folder left running, then removes what it left lying.
    private void startAfresh(RunFile runFile) {
        runFile.sweep();
        for (String name :
                List.of(
                        "fleet",
                        "twin",
                        "agents",
                        "ledgers",
                        "heads",
                        "keys",
                        "archives",
                        "traffic",
                        "changes",
                        "approvals",
                        "passwords",
                        "client",
                        "scratch-1",
                        "scratch-2",
                        "accounts.json",
                        "report.html",
                        // last: it marks the folder as a drill's
                        "drill.json")) {
            Disk.deleteTree(folders.root().resolve(name));
        }
    }
}
