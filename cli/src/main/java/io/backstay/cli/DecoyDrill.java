package io.backstay.cli;

import io.backstay.doors.Disk;
import io.backstay.guard.Finding;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.GuardedAct;
import io.backstay.guard.HostView;
import io.backstay.guard.Target;
import io.backstay.guard.permit.PermitAsk;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Asks this host, by the way that every `guard exec` goes, to destroy a decoy that is known to be
/// live: a folder in which a process has its data file open. Its permit is valid, signed by two
/// keys that are made for it and trusted for it alone.
///
/// Whatever is no refusal stops all permits: a command that ran, one that failed, a drill that
/// could not be played.
final class DecoyDrill {
    private static final Duration VALID_FOR = Duration.ofMinutes(10);

    private final GuardJournal journal;
    private final Path state;
    private final HostView view;
    private final Guard guard;

    DecoyDrill(GuardJournal journal, Path state, HostView view, Guard guard) {
        this.journal = journal;
        this.state = state;
        this.view = view;
        this.guard = guard;
    }

    record Result(boolean isRefused, String why) {}

    interface Attempt {
        GuardedAct.Outcome at(Path decoy) throws IOException;
    }

    Result run(Attempt attempt) {
        Result result;
        try {
            result = played(attempt);
        } catch (IOException | RuntimeException e) {
            result = new Result(false, "the drill could not be played: " + e.getMessage());
        }
        if (!result.isRefused()) {
            journal.permits().stop("a decoy drill was not refused: " + result.why());
        }
        return result;
    }

    private Result played(Attempt attempt) throws IOException {
        Path ground = Files.createTempDirectory(Disk.folder(state), "decoy").toRealPath();
        Path decoy = Files.createDirectories(ground.resolve("host/data"));
        // by its name it may go: nothing but the process that holds it makes it live
        Path file = Files.createFile(decoy.resolve(".keep"));
        Process user =
                new ProcessBuilder("sh", "-c", "exec 3<>\"$0\"; echo; read _", file.toString())
                        .directory(decoy.toFile())
                        .start();
        try {
            if (user.getInputStream().read() != '\n') {
                throw new IOException("the decoy's process did not start");
            }
            return switch (attempt.at(decoy)) {
                case GuardedAct.Outcome.Refused(var answer) ->
                        !Files.exists(file)
                                ? new Result(false, "the decoy is gone all the same")
                                : isSeenAlive(answer)
                                        ? new Result(true, answer.reasons().getFirst())
                                        : new Result(
                                                false,
                                                "it was refused, but nobody saw what holds it: "
                                                        + answer.reasons());
                case GuardedAct.Outcome.Done _ -> new Result(false, "it was done");
                case GuardedAct.Outcome.Failed(_, _, _, var why) ->
                        new Result(false, "it was begun and failed: " + why);
                case GuardedAct.Outcome.InDoubt(_, var why) ->
                        new Result(false, "in doubt: " + why);
            };
        } finally {
            user.destroyForcibly().onExit().join();
            Disk.deleteTree(ground);
        }
    }

    private static boolean isSeenAlive(GuardAnswer answer) {
        return answer.findings().stream()
                .anyMatch(f -> f instanceof Finding.Live && f.probe().equals("open-files"));
    }

    /// As `guard exec --permit` does.
    GuardedAct.Outcome attempt(Path decoy) {
        var request = new GuardRequest("wipe", Target.parse("path:" + decoy), view);
        List<String> command = List.of("find", CommandTemplate.PLACE, "-mindepth", "1", "-delete");
        PermitAsk ask = journal.permits().ask(request, command, VALID_FOR);
        var one = SigningKey.generate();
        var other = SigningKey.generate();
        TrustedKeys people =
                TrustedKeys.none()
                        .with("decoy-one", one.publicKey())
                        .with("decoy-other", other.publicKey());
        String permit =
                Envelope.sign(PermitAsk.PAYLOAD_TYPE, ask.bytes(), List.of(one, other)).json();
        journal.permits().spend(List.of(permit), people, request, command);
        var act = new RunCommand(CommandTemplate.of(command), true, false);
        GuardedAct.Outcome outcome = GuardedAct.run(guard, request, journal.recorder(request), act);
        journal.outcome(outcome, request, act.exit());
        return outcome;
    }
}
