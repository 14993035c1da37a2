package io.backstay.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A verb's mouth: results go to standard output, talk goes to standard error.
///
/// A mixin: a verb declares `@Mixin private Console console = new Console();`. Safe for use by
/// several threads, a line at a time.
@Command
final class Console {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec verb;

    /// The verb's answer, as text or as one JSON document, whichever was asked for.
    ///
    /// @param document built only for JSON: a record whose first component is `int schemaVersion`,
    ///   or a map alike
    void result(String text, Supplier<?> document) {
        if (isJson()) {
            resultJson(JsonDocument.write(document.get()));
        } else {
            line(text);
        }
    }

    /// One JSON document that is already text.
    void resultJson(String document) {
        printLine(out(), document);
    }

    /// A line of a text result. Nothing in JSON, where standard output is one document.
    void line(String text) {
        if (!isJson()) {
            printLine(out(), text);
        }
    }

    /// Progress: what is done, what is waited for. Silent with `--quiet`.
    void say(String text) {
        if (!options().isQuiet) {
            printLine(err(), text);
        }
    }

    /// What must be read even with `--quiet`.
    void warn(String text) {
        printLine(err(), text);
    }

    boolean isJson() {
        return options().output == OutputFormat.JSON;
    }

    boolean isQuiet() {
        return options().isQuiet;
    }

    /// Text in bold, green, yellow or red where a terminal shows it, else as it is. The words say
    /// everything by themselves: a colour only repeats them.
    String styled(Style style, String text) {
        return hasColor() ? style.escape + text + "\u001b[0m" : text;
    }

    private boolean hasColor() {
        return !options().isPlain
                && !isJson()
                && System.getenv("NO_COLOR") == null
                && Optional.ofNullable(System.console())
                        .filter(java.io.Console::isTerminal)
                        .isPresent();
    }

    private Backstay options() {
        return (Backstay) verb.root().userObject();
    }

    private PrintWriter out() {
        return verb.commandLine().getOut();
    }

    private PrintWriter err() {
        return verb.commandLine().getErr();
    }

    private static void printLine(PrintWriter writer, String text) {
        synchronized (writer) {
            writer.println(text);
            writer.flush();
        }
    }

    /// What a colour is for.
    enum Style {
        STRONG("\u001b[1m"),
        GOOD("\u001b[32m"),
        CARE("\u001b[33m"),
        BAD("\u001b[31m");

        private final String escape;

        Style(String escape) {
            this.escape = escape;
        }
    }
}
