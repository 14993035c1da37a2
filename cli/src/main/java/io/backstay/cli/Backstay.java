package io.backstay.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The options that every verb has.
@Command(
        name = "backstay",
        description = "Change safety for fleets of MySQL and MariaDB servers.",
        synopsisSubcommandLabel = "VERB",
        footer = {
            "",
            "`backstay VERB --help` explains a verb, with its exit codes.",
            "Exit codes: 0 yes, done, proven; 1 no, failed, differences found; 2 usage, bad file, bad"
                    + " environment; 3 refused by guard or gate; 4 done but not proven; 5 frozen or in doubt,"
                    + " a person is needed; 6 backed out or restored instead of completed; 70 a bug of ours."
        })
final class Backstay {
    @Option(
            names = "--output",
            paramLabel = "text|json",
            description = "Format of the result on standard output. Default: text.",
            converter = OutputFormat.Converter.class,
            scope = ScopeType.INHERIT)
    OutputFormat output = OutputFormat.TEXT;

    @Option(
            names = "--no-color",
            description = "No colours; so does the environment variable NO_COLOR.",
            scope = ScopeType.INHERIT)
    boolean isPlain;

    @Option(
            names = "--quiet",
            description = "No progress on standard error; errors and results remain.",
            scope = ScopeType.INHERIT)
    boolean isQuiet;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Explain this verb.",
            scope = ScopeType.INHERIT)
    boolean isHelpWanted;
}
