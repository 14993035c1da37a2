package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.guard.GuardedAct.Outcome;
import java.util.Locale;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How a guarded command ended, for people and for programs.
///
/// @param word `done`, `failed`, `refused`, `in-doubt`
/// @param interlock empty if nothing was run
/// @param window why the interlock was windowed; empty if it was full
record ExecDocument(
        String word,
        int exit,
        String interlock,
        String window,
        String why,
        Outcome outcome,
        OptionalInt commandExit) {

    static ExecDocument of(Outcome outcome, OptionalInt commandExit) {
        return switch (outcome) {
            case Outcome.Done(_, var kind, var window) ->
                    new ExecDocument("done", 0, lower(kind), window, "", outcome, commandExit);
            case Outcome.Failed(_, var kind, var window, var why) ->
                    new ExecDocument(
                            "failed",
                            ErrorCode.FAILED.exitCode(),
                            lower(kind),
                            window,
                            why,
                            outcome,
                            commandExit);
            case Outcome.Refused _ ->
                    new ExecDocument(
                            "refused",
                            ErrorCode.REFUSED.exitCode(),
                            "",
                            "",
                            "",
                            outcome,
                            commandExit);
            case Outcome.InDoubt(_, var why) ->
                    new ExecDocument(
                            "in-doubt",
                            ErrorCode.IN_DOUBT.exitCode(),
                            "",
                            "",
                            why,
                            outcome,
                            commandExit);
        };
    }

    private static String lower(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    String json() {
        var mapper = JsonMapper.builder().build();
        ObjectNode root = mapper.createObjectNode();
        root.put("schemaVersion", 1).put("outcome", word).put("exit", exit);
        commandExit.ifPresent(code -> root.put("commandExit", code));
        if (!interlock.isEmpty()) {
            root.put("interlock", interlock);
        }
        if (!window.isEmpty()) {
            root.put("window", window);
        }
        if (!why.isEmpty()) {
            root.put("why", why);
        }
        root.set("answer", mapper.readTree(outcome.answer().toJson()));
        return root.toString();
    }

    String text() {
        var text = new StringBuilder(outcome.answer().text().stripTrailing()).append('\n');
        text.append(word.toUpperCase(Locale.ROOT));
        commandExit.ifPresent(code -> text.append("  the command ended with ").append(code));
        if (!interlock.isEmpty()) {
            text.append("  interlock: ").append(interlock);
        }
        if (!window.isEmpty()) {
            text.append(" (").append(window).append(')');
        }
        if (!why.isEmpty()) {
            text.append("  ").append(why);
        }
        return text.toString();
    }
}
