package io.backstay.cli;

import picocli.CommandLine.Command;

@Command(
        name = "guard",
        description = "Let this machine itself say whether a target may be destroyed.",
        subcommands = {
            GuardCheckCommand.class,
            GuardExecCommand.class,
            GuardRetireCommand.class,
            GuardLearnCommand.class,
            GuardConsentCommand.class,
            GuardPermitCommand.class,
            GuardDrillCommand.class,
            GuardSelftestCommand.class
        },
        synopsisSubcommandLabel =
                "(check | exec | retire | learn | consent | permit | drill | selftest)",
        footer = "%nExit codes: those of its verbs.")
final class GuardCommand {}
