package io.backstay.cli;

import picocli.CommandLine.Command;

@Command(
        name = "change",
        description = "Read a change before anything is done.",
        subcommands = {ChangeLintCommand.class, ChangePlanCommand.class},
        synopsisSubcommandLabel = "(lint | plan)",
        footer = "%nExit codes: those of its verbs.")
final class ChangeCommand {}
