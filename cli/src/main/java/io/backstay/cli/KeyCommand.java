package io.backstay.cli;

import picocli.CommandLine.Command;

@Command(
        name = "key",
        description = "Keys that people and machines sign with.",
        subcommands = {KeyNewCommand.class},
        synopsisSubcommandLabel = "new",
        footer = "%nExit codes: those of its verb.")
final class KeyCommand {}
