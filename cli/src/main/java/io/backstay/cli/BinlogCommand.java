package io.backstay.cli;

import picocli.CommandLine.Command;

@Command(
        name = "binlog",
        description = "Look into binary log files: what happened, by whom, when. Needs no server.",
        subcommands = {
            BinlogShowCommand.class,
            BinlogStatsCommand.class,
            BinlogHistoryCommand.class,
            BinlogFoldCommand.class
        })
final class BinlogCommand {}
