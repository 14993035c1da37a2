package io.backstay.cli.faults;

import io.backstay.cli.faults.FaultDrill.Fooled;
import io.backstay.doors.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The catalogue: every fault by its id, those that are played and those that are not written yet.
public final class FaultCatalogue {
    /// Faults without a drill.
    private static final Map<String, String> UNWRITTEN =
            Map.ofEntries(
                    Map.entry("D-11", "wrong variable in the cleanup"),
                    Map.entry("D-19", "units, time zone, decimal comma, 32-bit wrap"),
                    Map.entry("D-34", "failover during the change"),
                    Map.entry("D-35", "two controllers, a lost lock"),
                    Map.entry("D-36", "permit replayed, used on the next host, after a reboot"),
                    Map.entry("D-37", "clock jump, suspend, restored snapshot"),
                    Map.entry("D-39", "a batch with both copies of one data set"),
                    Map.entry("D-40", "a scope wider than intended"),
                    Map.entry("D-41", "script changed by one byte after the test"),
                    Map.entry("D-55", "kill -9 done, the kernel still holds files"),
                    Map.entry("D-70", "a transaction that only the target has"),
                    Map.entry("D-72", "a filtered replica counted as a copy"),
                    Map.entry("D-73", "frozen source, lag 0"),
                    Map.entry("D-74", "delayed replica, semi-sync fallen back"),
                    Map.entry("D-75", "a log reader that did not register"),
                    Map.entry("D-76", "backup empty or not restorable"),
                    Map.entry("D-78", "silent row drift on the survivor"),
                    Map.entry("D-79", "all survivors in one rack"));

    private FaultCatalogue() {}

    static List<FaultDrill> drills() {
        var all = new ArrayList<FaultDrill>();
        all.addAll(LogicFaults.all());
        all.addAll(PlaceFaults.all());
        all.addAll(SensorFaults.all());
        return List.copyOf(all);
    }

    /// Every id there is, in order.
    public static List<String> ids() {
        var ids = new TreeMap<String, String>(UNWRITTEN);
        drills().forEach(drill -> ids.put(drill.id(), drill.fault()));
        return List.copyOf(ids.keySet());
    }

    /// Plays drills, and says of the others that they are not written.
    ///
    /// @param ids which
    /// @param folder new, of the drills alone; gone afterwards
    /// @param home where fetched servers are
    /// @param told each result as it comes
    public static List<FaultResult> play(
            List<String> ids, Path folder, Path home, Program program, Consumer<FaultResult> told) {
        var results = new ArrayList<FaultResult>();
        try (var ground = new DrillGround(folder, home, program)) {
            for (FaultDrill drill : drills()) {
                if (ids.contains(drill.id())) {
                    FaultResult result = play(drill, ground);
                    told.accept(result);
                    results.add(result);
                }
            }
        }
        for (var unwritten : new TreeMap<>(UNWRITTEN).entrySet()) {
            if (ids.contains(unwritten.getKey())) {
                results.add(
                        new FaultResult(
                                unwritten.getKey(),
                                unwritten.getValue(),
                                "not written",
                                "-",
                                "-",
                                0));
            }
        }
        return List.copyOf(results);
    }

    private static FaultResult play(FaultDrill drill, DrillGround ground) {
        long from = System.nanoTime();
        String naive = "-";
        String outcome;
        String guard;
        ground.begin();
        try {
            drill.situation().make(ground);
            Commands.Result script = ground.naive(drill.id());
            naive = script.timedOut() ? "hangs" : script.exit() == 0 ? "idle" : "active";
            boolean isFooled = naive.equals(drill.script() == Fooled.HANGS ? "hangs" : "idle");
            guard = drill.question().ask(ground);
            outcome = isFooled ? "passed" : "failed";
            if (!isFooled) {
                guard = "the script was not fooled: " + script.err().strip();
            }
        } catch (FaultDrill.CannotMakeException e) {
            outcome = "not run";
            guard = "cannot be made here: " + e.getMessage();
        } catch (Exception e) {
            outcome = "failed";
            guard = String.valueOf(e.getMessage());
        } finally {
            ground.end();
        }
        return new FaultResult(
                drill.id(),
                drill.fault(),
                outcome,
                naive,
                guard,
                (System.nanoTime() - from) / 1_000_000);
    }
}
