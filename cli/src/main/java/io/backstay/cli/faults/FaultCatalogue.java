package io.backstay.cli.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The catalogue: every fault by its id, those that are played, and those that are not, with the
/// reason.
public final class FaultCatalogue {
    private record NotPlayed(String fault, String why) {}

    private static final String PERMITS = "about permits, not the guard's look: see the agent";

    private static final Map<String, NotPlayed> NOT_PLAYED =
            Map.ofEntries(
                    not("D-35", "two controllers, a lost lock", PERMITS),
                    not("D-36", "a permit is used again, or elsewhere", PERMITS),
                    not("D-37", "clock jump, suspend, restored snapshot", PERMITS),
                    not(
                            "D-39",
                            "a batch with both copies of one data set",
                            "no drill yet; CoveredDropIT sends both members at once"),
                    not(
                            "D-40",
                            "a scope wider than intended",
                            "about the change's plan: see change plan, expect"),
                    not(
                            "D-41",
                            "script changed by one byte after the test",
                            "about the change's digest: see gate explain"),
                    not(
                            "D-55",
                            "kill -9 done, the kernel still holds files",
                            "no drill yet: it freezes a file system under a server"),
                    not(
                            "D-75",
                            "a log reader that did not register",
                            "no drill yet: the guard sees the server itself"),
                    not(
                            "D-76",
                            "backup empty or not restorable",
                            "the guard counts no backup as a copy: nothing to fool"),
                    not(
                            "D-78",
                            "silent row drift on the survivor",
                            "the guard compares transactions and tables, not rows, and says so"),
                    not(
                            "D-79",
                            "all survivors in one rack",
                            "the guard knows no racks: see a change's neverTogether"));

    private FaultCatalogue() {}

    private static Map.Entry<String, NotPlayed> not(String id, String fault, String why) {
        return Map.entry(id, new NotPlayed(fault, why));
    }

    /// @param results one for each id that was asked for
    /// @param leftBehind what is still there at the end, a sentence each; empty if nothing is
    public record Played(List<FaultResult> results, List<String> leftBehind) {}

    static List<FaultDrill> drills() {
        var all = new ArrayList<FaultDrill>();
        all.addAll(LogicFaults.all());
        all.addAll(AnswerFaults.all());
        all.addAll(PlaceFaults.all());
        all.addAll(SensorFaults.all());
        all.addAll(DataFaults.all());
        return List.copyOf(all);
    }

    /// Every id there is, in order.
    public static List<String> ids() {
        var ids = new TreeMap<String, Object>(NOT_PLAYED);
        drills().forEach(drill -> ids.put(drill.id(), drill));
        return List.copyOf(ids.keySet());
    }

    /// Says of each drill that it was not run, and why.
    public static List<FaultResult> notRun(List<String> ids, String why) {
        var results = new TreeMap<String, FaultResult>();
        for (FaultDrill drill : drills()) {
            results.put(drill.id(), FaultResult.notRun(drill.id(), drill.fault(), why));
        }
        NOT_PLAYED.forEach(
                (id, not) -> results.put(id, FaultResult.notRun(id, not.fault(), not.why())));
        results.keySet().retainAll(ids);
        return List.copyOf(results.values());
    }

    /// Plays drills, and says of the others why they are not played.
    ///
    /// @param ids which
    /// @param folder new, of the drills alone; gone afterwards
    /// @param home where fetched servers are
    /// @param told each result as it comes
    public static Played play(
            List<String> ids, Path folder, Path home, Program program, Consumer<FaultResult> told) {
        var results = new TreeMap<String, FaultResult>();
        notRun(ids, "was not reached").forEach(result -> results.put(result.id(), result));
        var ground = new DrillGround(folder, home, program);
        var hook = new Thread(ground::close, "undo-drills");
        Runtime.getRuntime().addShutdownHook(hook);
        try (ground) {
            for (FaultDrill drill : drills()) {
                if (ids.contains(drill.id())) {
                    FaultResult result = DrillRun.of(drill, ground);
                    told.accept(result);
                    results.put(result.id(), result);
                }
            }
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        var left = new ArrayList<>(LeftBehind.sweep(folder));
        left.addAll(LeftBehind.processes(folder));
        return new Played(List.copyOf(results.values()), List.copyOf(left));
    }
}
