package io.backstay.guard.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The second half of `make mutation`: PIT has run; the mutants by hand are run, and the document
/// is written. No test of the usual run, and so not called one.
class MutationRun {
    private static final Path MODULE =
            Path.of(System.getProperty("backstay.mutation.module", ".")).toAbsolutePath();

    @TempDir Path work;

    @Test
    void everySurvivorHasItsArgument() throws Exception {
        Path lists = MODULE.resolve("src/test/mutation");
        List<HandMutants.Mutant> byHand =
                HandMutants.parse(Files.readAllLines(lists.resolve("by-hand.txt")));
        Path pit =
                Path.of(
                        System.getProperty(
                                "backstay.mutation.pit",
                                MODULE.resolve("target/pit-reports/mutations.xml").toString()));
        Path race = lists.resolve("race.tsv");
        var report =
                new CoverageReport(
                        PitMutants.read(pit),
                        byHand(byHand),
                        CoverageReport.arguments(
                                Files.readAllLines(lists.resolve("arguments.txt"))),
                        Files.exists(race) ? Files.readAllLines(race) : List.of());
        Disk.writeAtomically(
                MODULE.resolveSibling("docs").resolve("guard-coverage.md"), report.text());
        assertThat(report.faults()).isEmpty();
    }

    /// Those of an earlier run where `-Dbackstay.mutation.by-hand=FILE` names its output, with its
    /// lines `MUTANT STATUS NAME`: one that has no line there is run.
    private List<HandMutants.Result> byHand(List<HandMutants.Mutant> mutants) throws Exception {
        String earlier = System.getProperty("backstay.mutation.by-hand", "");
        List<String> lines = earlier.isEmpty() ? List.of() : Files.readAllLines(Path.of(earlier));
        var known = new ArrayList<HandMutants.Result>();
        var unknown = new ArrayList<HandMutants.Mutant>();
        for (HandMutants.Mutant mutant : mutants) {
            Optional<String> line =
                    lines.stream()
                            .filter(l -> l.startsWith("MUTANT ") && l.endsWith(" " + mutant.name()))
                            .findFirst();
            line.ifPresentOrElse(
                    l -> known.add(new HandMutants.Result(mutant, l.split(" ")[1])),
                    () -> unknown.add(mutant));
        }
        if (!unknown.isEmpty()) {
            known.addAll(new HandMutants(MODULE, work).run(unknown));
        }
        return known;
    }
}
