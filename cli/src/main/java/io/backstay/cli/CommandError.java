package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// How a run ended without its result, as it is told: message and `HINT:` on standard error, or
/// with `--output json` one document on standard output,
/// `{"schemaVersion":1,"error":{"code","message","hint"},"exit"}`.
///
/// @param code stable, lower case: `usage`, `refused`, `in-doubt`, ...; `bug` is ours
/// @param hint the next command; never empty
record CommandError(String code, String message, String hint, int exit) {
    private static final String HINT = "\nHINT: ";
    private static final List<String> FULL =
            List.of("No space left on device", "Disk quota exceeded");

    static CommandError of(Throwable e) {
        return switch (e) {
            case Problem problem -> of(problem);
            case UncheckedIOException io when io.getCause() instanceof FileSystemException file ->
                    of(file);
            case FileSystemException file -> of(file);
            default -> Bug.report(e);
        };
    }

    /// A command line that names what does not exist, or lacks what is needed.
    static CommandError ofUsage(ParameterException e) {
        if (e.getCause() instanceof Problem problem) {
            return of(problem); // picocli's own sentence repeats the value, which may hold a secret
        }
        CommandSpec verb = e.getCommandLine().getCommandSpec();
        String name = verb.qualifiedName();
        String help = "`" + name + " --help` shows what there is.";
        String said = String.valueOf(e.getMessage());
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().getFirst();
            boolean isOption = word.startsWith("-") && !verb.optionsMap().containsKey(word);
            List<String> nearest =
                    NearestNames.to(
                            word,
                            isOption ? verb.optionsMap().keySet() : verb.subcommands().keySet());
            String what =
                    isOption
                            ? "`%s` has no option %s".formatted(name, word)
                            : verb.subcommands().isEmpty()
                                    ? "`%s` takes no further argument, found '%s'"
                                            .formatted(name, word)
                                    : "there is no verb `%s %s`".formatted(name, word);
            String first = nearest.isEmpty() ? "" : "nearest: " + String.join(", ", nearest) + ". ";
            return new CommandError("usage", what, first + help, 2);
        }
        if (!(e instanceof MissingParameterException)
                && !verb.subcommands().isEmpty()
                && said.startsWith("Missing required subcommand")) {
            String verbs = String.join(", ", verb.subcommands().keySet());
            return new CommandError(
                    "usage", "`%s` needs a verb: %s".formatted(name, verbs), help, 2);
        }
        return new CommandError("usage", lowerFirst(firstLine(said)), help, 2);
    }

    String text() {
        return message + HINT + hint;
    }

    String json() {
        var error = new LinkedHashMap<String, Object>();
        error.put("code", code);
        error.put("message", message);
        error.put("hint", hint);
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("error", error);
        document.put("exit", exit);
        return JsonDocument.write(document);
    }

    private static CommandError of(Problem problem) {
        String whole = String.valueOf(problem.getMessage());
        int hintAt = whole.lastIndexOf(HINT);
        ErrorCode code = problem.code();
        return new CommandError(
                code.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                whole.substring(0, hintAt),
                whole.substring(hintAt + HINT.length()),
                code.exitCode());
    }

    private static CommandError of(FileSystemException e) {
        String reason =
                switch (e) {
                    case AccessDeniedException _ -> "permission denied";
                    case NoSuchFileException _ -> "no such file or folder";
                    default -> String.valueOf(e.getReason());
                };
        boolean isFull = FULL.stream().anyMatch(reason::startsWith);
        return new CommandError(
                "environment",
                "cannot use %s: %s".formatted(e.getFile(), lowerFirst(reason)),
                isFull
                        ? "make room where that file is (`df -h %s`; an archive's: `backstay archive expire --dry-run`), then run the same command again: what counted before still counts."
                                .formatted(Path.of(e.getFile()).toAbsolutePath().getParent())
                        : "look at `ls -ld %s`, then run the same command again. `backstay doctor` checks disk and folders."
                                .formatted(e.getFile()),
                ErrorCode.ENVIRONMENT.exitCode());
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("no reason given");
    }

    private static String lowerFirst(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}
