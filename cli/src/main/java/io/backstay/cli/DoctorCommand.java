package io.backstay.cli;

import io.backstay.mysql.Flavour;
import io.backstay.recovery.RecoveryTask;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "doctor",
        description =
                "Look at this machine: is there what `backstay drill` and the other verbs need? Or say what an account needs.",
        footer = "%nExit codes: 0 all that is needed is there, 1 something is missing.")
final class DoctorCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            description = "Folder that must be writable and have room. Default: the current one.")
    private Path folder = Path.of("");

    @Option(
            names = "--grants",
            paramLabel = "TASK",
            converter = TaskConverter.class,
            completionCandidates = TaskNames.class,
            description =
                    "Print instead the exact privileges that this needs on a server: ${COMPLETION-CANDIDATES}.")
    private @Nullable RecoveryTask task;

    @Option(
            names = "--flavour",
            paramLabel = "FLAVOUR",
            description =
                    "With --grants: of a MARIADB or a MYSQL server. Default: ${DEFAULT-VALUE}.")
    private Flavour flavour = Flavour.MARIADB;

    @Option(
            names = "--account",
            paramLabel = "ACCOUNT",
            description = "With --grants: to whom. Default: ${DEFAULT-VALUE}.")
    private String account = "'backstay'@'localhost'";

    @Override
    public Integer call() {
        RecoveryTask wanted = task;
        if (wanted != null) {
            console.result(
                    grants(wanted),
                    () ->
                            new Grants(
                                    wanted.verb(),
                                    wanted.grant(account, flavour),
                                    wanted.privileges(flavour)));
            return 0;
        }
        List<MachineCheck> checks = MachineCheck.all(folder.toAbsolutePath());
        boolean isFit = checks.stream().noneMatch(c -> c.outcome() == MachineCheck.Outcome.MISSING);
        int exit = isFit ? 0 : 1;
        console.result(
                checks.stream().map(this::line).collect(Collectors.joining("\n")),
                () -> new Document(1, checks.stream().map(Document.Row::of).toList(), exit));
        return exit;
    }

    private String grants(RecoveryTask wanted) {
        var text = new StringBuilder();
        wanted.privileges(flavour)
                .forEach((name, why) -> text.append("-- %-24s %s%n".formatted(name, why)));
        return text + wanted.grant(account, flavour);
    }

    /// By its name on the command line.
    static final class TaskConverter implements ITypeConverter<RecoveryTask> {
        @Override
        public RecoveryTask convert(String value) {
            return Stream.of(RecoveryTask.values())
                    .filter(task -> task.verb().equals(value))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new TypeConversionException(
                                            "expected one of %s, found '%s'"
                                                    .formatted(
                                                            String.join(", ", new TaskNames()),
                                                            value)));
        }
    }

    static final class TaskNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(RecoveryTask.values()).map(RecoveryTask::verb).iterator();
        }
    }

    record Grants(
            int schemaVersion, String task, String statement, Map<String, String> privileges) {
        Grants(String task, String statement, Map<String, String> privileges) {
            this(1, task, statement, privileges);
        }
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
