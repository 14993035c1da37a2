package io.backstay.cli;

import picocli.CommandLine.Command;

@Command(
        name = "archive",
        description = "Look at an archive.",
        subcommands = {ArchiveStatusCommand.class, ArchiveVerifyCommand.class})
final class ArchiveCommand {}
