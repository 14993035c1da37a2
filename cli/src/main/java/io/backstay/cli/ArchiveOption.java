package io.backstay.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Which archive a verb is about.
@Command
final class ArchiveOption {
    @Option(
            names = "--archive",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the archive.")
    Path folder = Path.of("");
}
