package io.backstay.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description =
                "Look at this machine: is there what `backstay drill` and the other verbs need?",
        footer = "%nExit codes: 0 all that is needed is there, 1 something is missing.")
final class DoctorCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            description = "Folder that must be writable and have room. Default: the current one.")
    private Path folder = Path.of("");

    @Override
    public Integer call() {
        List<MachineCheck> checks = MachineCheck.all(folder.toAbsolutePath());
        boolean isFit = checks.stream().noneMatch(c -> c.outcome() == MachineCheck.Outcome.MISSING);
        int exit = isFit ? 0 : 1;
        console.result(
                checks.stream().map(this::line).collect(Collectors.joining("\n")),
                () -> new Document(1, checks.stream().map(Document.Row::of).toList(), exit));
        return exit;
    }

    private String line(MachineCheck check) {
        Console.Style style =
                switch (check.outcome()) {
                    case OK -> Console.Style.GOOD;
                    case OPTIONAL -> Console.Style.CARE;
                    case MISSING -> Console.Style.BAD;
                };
        String word = console.styled(style, "%-8s".formatted(check.outcome().word()));
        String hint = check.hint().isEmpty() ? "" : "\n         HINT: " + check.hint();
        return "%s %-15s %s%s".formatted(word, check.name(), check.found(), hint);
    }

    record Document(int schemaVersion, List<Row> checks, int exit) {
        record Row(String name, String outcome, String found, String hint) {
            static Row of(MachineCheck check) {
                return new Row(check.name(), check.outcome().word(), check.found(), check.hint());
            }
        }
    }
}
