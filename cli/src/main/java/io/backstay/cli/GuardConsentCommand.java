package io.backstay.cli;

import picocli.CommandLine.Command;

@Command(
        name = "consent",
        description =
                "A host's signed, single-use leave for an installer that does not ask the host.",
        subcommands = {
            GuardConsentIssueCommand.class,
            GuardConsentVerifyCommand.class,
            GuardConsentServeCommand.class
        },
        synopsisSubcommandLabel = "(issue | verify | serve)",
        footer = "%nExit codes: those of its verbs.")
final class GuardConsentCommand {}
