package io.backstay.cli;

import picocli.CommandLine.Command;

@Command(
        name = "archive",
        description = "Look at an archive, fill it, keep it in order.",
        subcommands = {
            ArchiveStatusCommand.class,
            ArchiveVerifyCommand.class,
            ArchiveImportCommand.class,
            ArchiveExpireCommand.class,
            ArchiveFoldCommand.class,
            ArchiveRebaseCommand.class,
            ArchiveCertificateCommand.class
        })
final class ArchiveCommand {}
