package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.guard.retire.Retirement.Ended;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How a retirement ended, for people and for programs.
///
/// @param word `retired`, `would-retire`, `refused`, `undone`, `in-doubt`
/// @param lines reasons or notes
record RetireDocument(String word, int exit, String heading, List<String> lines) {

    static RetireDocument of(String target, Ended ended) {
        return switch (ended) {
            case Ended.Retired(var outcome) ->
                    new RetireDocument(
                            "retired",
                            0,
                            target + " is empty, its server gone",
                            List.of(
                                    "evidence " + outcome.answer().evidenceDigest(),
                                    "not looked at: rows that differ between members at equal GTIDs, and where the"
                                            + " peers run"));
            case Ended.WouldRetire(List<String> notes) ->
                    new RetireDocument(
                            "would-retire", 0, "nothing speaks against " + target, notes);
            case Ended.Refused(List<String> reasons, boolean isPutBack) ->
                    new RetireDocument(
                            "refused",
                            ErrorCode.REFUSED.exitCode(),
                            target
                                    + (isPutBack
                                            ? "; everything is as it was"
                                            : "; it stays as it is: run this again to go on, or with --undo"),
                            reasons);
            case Ended.Undone _ ->
                    new RetireDocument("undone", 0, target + " is in service again", List.of());
            case Ended.InDoubt(String why) ->
                    new RetireDocument(
                            "in-doubt",
                            ErrorCode.IN_DOUBT.exitCode(),
                            target + ": a person must look",
                            List.of(why));
        };
    }

    String text() {
        var text = new StringBuilder(word.toUpperCase(Locale.ROOT)).append("  ").append(heading);
        lines.forEach(line -> text.append("\n  ").append(line.replaceAll("\\p{Cntrl}", "?")));
        return text.toString();
    }

    Map<String, Object> json(String target) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("outcome", word);
        document.put("exit", exit);
        document.put("target", target);
        document.put("says", heading);
        document.put(exit == 0 ? "notes" : "reasons", lines);
        return document;
    }
}
