package io.backstay.cli;

import picocli.CommandLine.Command;

@Command(
        name = "permit",
        description = "Leave of two people for one `guard exec` on this host.",
        subcommands = {
            GuardPermitAskCommand.class,
            GuardPermitSignCommand.class,
            GuardPermitDecoyCommand.class,
            GuardPermitResumeCommand.class
        },
        synopsisSubcommandLabel = "(ask | sign | decoy | resume)",
        footer = "%nExit codes: those of its verbs.")
final class GuardPermitCommand {}
