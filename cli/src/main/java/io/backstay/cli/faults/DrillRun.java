package io.backstay.cli.faults;

import io.backstay.cli.faults.FaultDrill.CannotMakeException;
import io.backstay.cli.faults.FaultDrill.WrongAnswerException;
import java.util.ArrayList;
import java.util.List;

/// One drill, played by itself: whatever goes wrong in it, the next one finds a clean ground.
///
/// Four things must be so: the guard clears an empty folder on this ground, the script says active
/// where something is live and nothing is wrong, the fault fools it, and the guard answers rightly.
final class DrillRun {
    private final FaultDrill drill;
    private final DrillGround ground;
    private String control = "-";
    private String naive = "-";

    private DrillRun(FaultDrill drill, DrillGround ground) {
        this.drill = drill;
        this.ground = ground;
    }

    static FaultResult of(FaultDrill drill, DrillGround ground) {
        long from = System.nanoTime();
        var run = new DrillRun(drill, ground);
        String outcome;
        String guard;
        try {
            guard = run.play();
            outcome = "passed";
        } catch (CannotMakeException e) {
            outcome = "not run";
            guard = "cannot be made here: " + e.getMessage();
        } catch (Exception e) {
            outcome = "failed";
            guard = String.valueOf(e.getMessage());
        }
        List<String> left = clean(ground, !outcome.equals("passed"));
        if (!left.isEmpty()) {
            outcome = "failed";
            guard += "; left behind: " + String.join(", ", left);
        }
        double seconds = Math.round((System.nanoTime() - from) / 1e8) / 10.0;
        return new FaultResult(
                drill.id(), drill.fault(), outcome, run.control, run.naive, guard, seconds);
    }

    private String play() throws Exception {
        ground.begin();
        Program.Answer empty = GuardQuestions.check(ground, List.of());
        if (empty.exit() != 0) {
            throw new WrongAnswerException(
                    "an empty folder is refused here, so a refusal means nothing: "
                            + GuardQuestions.reasons(empty.said()));
        }
        NaiveScript script = NaiveScript.of(drill.id());
        drill.plain().make(ground);
        NaiveScript.Answer plain = ground.naive(script.mended());
        control = plain.answer();
        if (!control.equals("active")) {
            throw new WrongAnswerException(
                    "without the fault the script says %s, so that proves nothing: %s"
                            .formatted(control, plain.said()));
        }
        drill.situation().make(ground);
        NaiveScript.Answer fooled = ground.naive(script);
        naive = fooled.answer();
        if (!naive.equals(drill.expected().answer())
                || !fooled.said().contains(drill.expected().because())) {
            throw new WrongAnswerException(
                    "the script was to say %s because of '%s', and said: %s"
                            .formatted(
                                    drill.expected().answer(),
                                    drill.expected().because(),
                                    fooled.said()));
        }
        return drill.question().ask(ground);
    }

    private static List<String> clean(DrillGround ground, boolean isSpoilt) {
        var left = new ArrayList<>(ground.end());
        left.addAll(LeftBehind.sweep(ground.folder()));
        if (isSpoilt || !left.isEmpty()) {
            try {
                ground.servers().discard();
            } catch (RuntimeException e) {
                left.add(String.valueOf(e.getMessage()));
            }
        }
        return left;
    }
}
