package io.backstay.cli;

import picocli.CommandLine.Command;

@Command(
        name = "guard",
        description = "Let this machine itself say whether a folder may be destroyed.",
        subcommands = {GuardCheckCommand.class, GuardExecCommand.class},
        synopsisSubcommandLabel = "(check | exec)",
        footer = "%nExit codes: those of its verbs.")
final class GuardCommand {}
