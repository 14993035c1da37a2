package io.backstay.cli;

import io.backstay.cli.faults.FaultCatalogue;
import io.backstay.cli.faults.FaultResult;
import io.backstay.cli.faults.Program;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.lab.ServerBinaries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "drill",
        description = "Play the guard's fault catalogue as real situations on this machine.",
        footer = {
            "",
            "Each drill makes a situation, lets a small script of the usual kind look, which must say"
                    + " idle, and asks the guard, which must refuse. It starts a MariaDB server on"
                    + " 127.77.240.1, mounts and unmounts below its own folder, and leaves nothing"
                    + " behind. Run it as root, not on a host that serves.",
            "Exit codes: 0 every drill that is written passed, 1 one failed, 2 usage, 4 some could not"
                    + " be run here."
        })
final class GuardDrillCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Option(
            names = "--id",
            paramLabel = "D-nn|all",
            split = ",",
            description = "Which drills: --id D-01,D-57. Default: all.")
    private List<String> ids = List.of("all");

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the drills' folder is made. Default: the temporary folder.")
    private Path parent = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

    @Override
    public Integer call() throws IOException {
        List<String> known = FaultCatalogue.ids();
        List<String> wanted = ids.contains("all") ? known : ids;
        for (String id : wanted) {
            if (!known.contains(id)) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "there is no drill '%s'".formatted(id),
                        "known are: " + String.join(", ", known) + ".");
            }
        }
        Path folder = Files.createTempDirectory(parent.toRealPath(), "backstay-faults");
        List<FaultResult> results =
                FaultCatalogue.play(
                        wanted,
                        folder,
                        ServerBinaries.home(),
                        GuardDrillCommand::program,
                        result ->
                                console.say(
                                        "%s %s (%d ms)"
                                                .formatted(
                                                        result.id(),
                                                        result.outcome(),
                                                        result.tookMillis())));
        console.result(table(results), () -> document(results));
        return exit(results);
    }

    /// The guard's verbs, as people call them.
    private static Program.Answer program(String... words) {
        var out = new ByteArrayOutputStream();
        int exit =
                new CommandLineRun(
                                List.of(GuardCommand.class),
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(new ByteArrayOutputStream()))
                        .run(words);
        return new Program.Answer(exit, out.toString(StandardCharsets.UTF_8));
    }

    private static int exit(List<FaultResult> results) {
        if (results.stream().anyMatch(FaultResult::hasFailed)) {
            return ErrorCode.FAILED.exitCode();
        }
        return results.stream().anyMatch(FaultResult::wasNotRun)
                ? ErrorCode.UNPROVEN.exitCode()
                : 0;
    }

    private static Map<String, Long> counts(List<FaultResult> results) {
        var counts = new LinkedHashMap<String, Long>();
        for (String outcome : List.of("passed", "failed", "not run", "not written")) {
            counts.put(outcome, results.stream().filter(r -> r.outcome().equals(outcome)).count());
        }
        return counts;
    }

    private static String table(List<FaultResult> results) {
        var text = new StringBuilder();
        results.forEach(result -> text.append(result.line()).append('\n'));
        counts(results)
                .forEach((outcome, count) -> text.append(count + " " + outcome).append("  "));
        return text.toString().stripTrailing();
    }

    private static Object document(List<FaultResult> results) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("counts", counts(results));
        document.put("drills", results);
        document.put("exit", exit(results));
        return document;
    }
}
