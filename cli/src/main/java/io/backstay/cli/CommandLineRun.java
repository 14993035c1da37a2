package io.backstay.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/// One run of the program: arguments in, exit code out. The only place where an exception becomes
/// an exit code.
final class CommandLineRun {
    private final List<Class<?>> verbs;
    private final PrintWriter out;
    private final PrintWriter err;

    CommandLineRun(List<Class<?>> verbs, PrintStream out, PrintStream err) {
        this.verbs = verbs;
        this.out = new PrintWriter(out, true, StandardCharsets.UTF_8);
        this.err = new PrintWriter(err, true, StandardCharsets.UTF_8);
    }

    int run(String... args) {
        boolean isJson = isJsonWanted(args);
        try {
            CommandLine line = commandLine();
            line.setParameterExceptionHandler((e, _) -> print(CommandError.ofUsage(e), isJson));
            line.setExecutionExceptionHandler((e, _, _) -> print(CommandError.of(e), isJson));
            return line.execute(args);
        } catch (Throwable e) {
            return print(CommandError.of(e), isJson);
        }
    }

    CommandLine commandLine() {
        var line = new CommandLine(new Backstay());
        for (Class<?> verb : verbs) {
            line.addSubcommand(verb);
        }
        return line.setOut(out)
                .setErr(err)
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false)
                .setAbbreviatedOptionsAllowed(false);
    }

    private int print(CommandError error, boolean isJson) {
        (isJson ? out : err).println(isJson ? error.json() : error.text());
        return error.exit();
    }

    /// Also true where the rest of the line cannot be parsed. What stands behind `--` is another
    /// program's.
    private static boolean isJsonWanted(String... args) {
        List<String> words = Arrays.stream(args).takeWhile(word -> !word.equals("--")).toList();
        int from = words.indexOf("--output");
        return words.contains("--output=json")
                || (from >= 0 && from + 1 < words.size() && words.get(from + 1).equals("json"));
    }
}
