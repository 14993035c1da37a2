package io.backstay.cli;

import io.backstay.change.ChangeDirectory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "lint",
        description = "Find everything that is wrong in a change's directory.",
        footer =
                "%nExit codes: 0 nothing is wrong, 2 something is: every fault with line and column.")
final class ChangeLintCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Parameters(paramLabel = "DIR", description = "Directory with change.yaml and its files.")
    private Path folder = Path.of("");

    @Override
    public Integer call() {
        ChangeDirectory directory = ChangeDirectory.load(folder);
        console.result(
                "%s  digest %s  %d files  %d steps  no way back after: %s"
                        .formatted(
                                directory.change().id(),
                                directory.digest().substring(0, 12),
                                directory.fileDigests().size(),
                                directory.change().steps().size(),
                                directory.change().irreversibleSteps().isEmpty()
                                        ? "-"
                                        : String.join(
                                                ", ", directory.change().irreversibleSteps())),
                () ->
                        Map.of(
                                "schemaVersion", 1,
                                "change", directory.change().id(),
                                "digest", directory.digest(),
                                "files", directory.fileDigests()));
        return 0;
    }
}
