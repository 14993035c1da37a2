package io.backstay.cli;

import picocli.CommandLine.Command;

@Command(
        name = "gate",
        description = "Hold a change against the rules of a policy.",
        subcommands = {GateExplainCommand.class},
        synopsisSubcommandLabel = "explain",
        footer = "%nExit codes: those of its verb.")
final class GateCommand {}
