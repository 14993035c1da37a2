package io.backstay.cli;

import io.backstay.cli.faults.DrillTable;
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
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "drill",
        description = "Play the guard's fault catalogue as real situations on this machine.",
        footer = {
            "",
            "In each drill a small script of the usual kind must say active where a server is live and"
                    + " nothing is wrong, and idle under the fault; the guard must clear an empty"
                    + " folder, and refuse under the fault. It starts MariaDB servers on 127.77.240.1"
                    + " to 13, mounts and unmounts below its own folder, and leaves nothing behind."
                    + " Run it as root, not on a host that serves.",
            "Exit codes: 0 all that were asked for passed, 1 one failed, 2 usage, 4 some were not run,"
                    + " the others passed."
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

    @Option(
            names = "--table",
            paramLabel = "FILE",
            description = "Also write the results into this Markdown document, between its marks.")
    private Optional<Path> table = Optional.empty();

    @Override
    public Integer call() throws IOException {
        try {
            return drill();
        } catch (NoClassDefFoundError e) { // the bundle for hosts starts no servers
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "this is the bundle for hosts, which has no servers to drill with",
                    "run `backstay guard drill` from the whole program, or `backstay guard selftest` here.",
                    e);
        }
    }

    private int drill() throws IOException {
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
        FaultCatalogue.Played played =
                isRoot()
                        ? play(wanted)
                        : new FaultCatalogue.Played(
                                FaultCatalogue.notRun(wanted, "needs root"), List.of());
        table.ifPresent(file -> DrillTable.write(file, played.results()));
        console.result(table(played), () -> document(played));
        if (played.results().stream().anyMatch(FaultResult::wasNotRun)) {
            console.warn(
                    isRoot()
                            ? "HINT: the table says why some were not run; --id takes those that"
                                    + " are."
                            : "HINT: run it as root: sudo ./backstay guard drill");
        }
        return exit(played);
    }

    private FaultCatalogue.Played play(List<String> wanted) throws IOException {
        Path folder = Files.createTempDirectory(parent.toRealPath(), "bs");
        return FaultCatalogue.play(
                wanted,
                folder,
                ServerBinaries.home(),
                GuardDrillCommand::program,
                result -> console.say(result.line()));
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
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

    private static int exit(FaultCatalogue.Played played) {
        if (!played.leftBehind().isEmpty()
                || played.results().stream().anyMatch(FaultResult::hasFailed)) {
            return ErrorCode.FAILED.exitCode();
        }
        return played.results().stream().anyMatch(FaultResult::wasNotRun)
                ? ErrorCode.UNPROVEN.exitCode()
                : 0;
    }

    private static Map<String, Long> counts(List<FaultResult> results) {
        var counts = new LinkedHashMap<String, Long>();
        for (String outcome : List.of("passed", "failed", "not run")) {
            counts.put(outcome, results.stream().filter(r -> r.outcome().equals(outcome)).count());
        }
        return counts;
    }

    private static String table(FaultCatalogue.Played played) {
        var text = new StringBuilder();
        played.results().forEach(result -> text.append(result.line()).append('\n'));
        played.leftBehind().forEach(left -> text.append("LEFT BEHIND ").append(left).append('\n'));
        counts(played.results())
                .forEach((outcome, count) -> text.append(count + " " + outcome).append("  "));
        return text.toString().stripTrailing();
    }

    private static Object document(FaultCatalogue.Played played) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("counts", counts(played.results()));
        document.put("drills", played.results());
        document.put("leftBehind", played.leftBehind());
        document.put("exit", exit(played));
        return document;
    }
}
