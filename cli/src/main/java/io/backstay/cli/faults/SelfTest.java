package io.backstay.cli.faults;

import io.backstay.doors.Disk;
import io.backstay.guard.Finding;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.HostView;
import io.backstay.guard.Target;
import io.backstay.guard.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Tells the guard of this host prepared lies, one after the other, and one truth.
public final class SelfTest {
    private SelfTest() {}

    /// @param said what the guard said: `cleared`, or its reasons
    public record Result(String lie, boolean passed, String said, long tookMillis) {
        public String line() {
            return "%-8s %-52s %s".formatted(passed ? "passed" : "FAILED", lie, said);
        }
    }

    /// @param folder new, of the test alone, with a short name; gone afterwards
    public static List<Result> run(Path folder) {
        try {
            var results = new ArrayList<Result>();
            int number = 0;
            for (Lie lie : Lies.all()) {
                number++;
                results.add(tell(lie, Disk.folder(folder.resolve("" + number))));
            }
            return List.copyOf(results);
        } finally {
            Disk.deleteTree(folder);
        }
    }

    private static Result tell(Lie lie, Path place) {
        long from = System.nanoTime();
        String said;
        boolean passed;
        Path target = Disk.folder(place.resolve("target"));
        try (AutoCloseable _ = lie.preparation().make(target)) {
            Path inside = target.resolve("state");
            Path state = Files.exists(inside) ? inside : Disk.folder(place.resolve("state"));
            GuardAnswer answer =
                    Guard.ofThisHost()
                            .check(
                                    new GuardRequest(
                                            "wipe",
                                            Target.parse("path:" + target),
                                            HostView.unconfigured(state)));
            List<String> reasons = reasons(answer);
            said = reasons.isEmpty() ? "cleared" : "refused: " + String.join(", ", reasons);
            passed =
                    lie.findings().isEmpty()
                            ? reasons.isEmpty()
                            : reasons.containsAll(lie.findings());
        } catch (Exception e) {
            said = "could not be told: " + e.getMessage();
            passed = false;
        }
        return new Result(lie.what(), passed, said, (System.nanoTime() - from) / 1_000_000);
    }

    private static List<String> reasons(GuardAnswer answer) {
        return switch (answer.verdict()) {
            case Verdict.Cleared _ -> List.of();
            case Verdict.Refused(List<Finding> reasons) ->
                    reasons.stream()
                            .map(
                                    reason ->
                                            reason.getClass()
                                                            .getSimpleName()
                                                            .toLowerCase(Locale.ROOT)
                                                    + " "
                                                    + reason.probe())
                            .toList();
        };
    }
}
