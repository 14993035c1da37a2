package io.backstay.cli;

import picocli.CommandLine.Command;

@Command(
        name = "ledger",
        description = "Read and prove what was written down.",
        subcommands = {LedgerVerifyCommand.class, LedgerShowCommand.class},
        synopsisSubcommandLabel = "(verify | show)",
        footer = "%nExit codes: those of its verbs.")
final class LedgerCommand {}
