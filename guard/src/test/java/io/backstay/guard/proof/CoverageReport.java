package io.backstay.guard.proof;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The guard's diagnostic coverage as a document: how many of its mutants some test notices, each
/// survivor with the argument why it may, and what is wrong with that.
///
/// @param arguments by key of a mutant
/// @param race lines `KIND\tCOUNT\tNAME` of a race; empty if none was run
record CoverageReport(
        List<PitMutants.Mutant> pit,
        List<HandMutants.Result> byHand,
        Map<String, String> arguments,
        List<String> race) {
    private static final double ARGUED_MAX = 0.05;

    /// Lines `KEY: argument`; `#` begins a comment.
    static Map<String, String> arguments(List<String> lines) {
        var arguments = new LinkedHashMap<String, String>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(": ");
            if (colon < 0
                    || arguments.put(line.substring(0, colon), line.substring(colon + 2)) != null) {
                throw new IllegalArgumentException("expected 'KEY: argument', once: " + line);
            }
        }
        return arguments;
    }

    /// By key, with what it changes.
    private Map<String, String> survivors() {
        var survivors = new LinkedHashMap<String, String>();
        for (PitMutants.Mutant mutant : pit) {
            if (!mutant.isKilled()) {
                survivors.put(
                        mutant.key(),
                        "line %d: %s (%s)"
                                .formatted(
                                        mutant.line(),
                                        mutant.what(),
                                        mutant.status().toLowerCase(Locale.ROOT)));
            }
        }
        for (HandMutants.Result result : byHand) {
            if (!result.status().equals("KILLED")) {
                survivors.put(result.mutant().name(), result.mutant().file());
            }
        }
        return survivors;
    }

    private int all() {
        return pit.size() + byHand.size();
    }

    /// What keeps the figure from counting, a sentence each; empty if it counts.
    List<String> faults() {
        var faults = new ArrayList<String>();
        Map<String, String> survivors = survivors();
        survivors.forEach(
                (key, what) -> {
                    if (!arguments.containsKey(key)) {
                        faults.add("survived without an argument: %s, %s".formatted(key, what));
                    }
                });
        for (String key : arguments.keySet()) {
            if (!survivors.containsKey(key)) {
                faults.add("argued and killed, or not there any more: " + key);
            }
        }
        if (survivors.size() > ARGUED_MAX * all()) {
            faults.add("%d of %d survived: more than 5 %%".formatted(survivors.size(), all()));
        }
        if (byHand.isEmpty()) {
            faults.add("no mutant by hand was run");
        }
        if (all() == 0) {
            faults.add("there is no mutant at all");
        }
        return faults;
    }

    String text() {
        Map<String, String> survivors = survivors();
        var text = new StringBuilder();
        text.append(
                """
                # How much of the guard its own tests would miss

                Written by `make mutation`; nothing here is written by hand but the arguments, which stand in
                `guard/src/test/mutation/arguments.txt` by the name of the mutant. The run fails if one survives
                without an argument, if an argument has no survivor any more, or if more than 5 % are argued.

                A *mutant* is the guard with one small fault built in: a condition inverted or taken for granted, a
                default returned, a call left out, one more or less. It is *killed* if a test fails. PIT makes them
                in the byte code with its STRONGER set, in the classes that decide a verdict from what was read; the
                code that asks the kernel is changed by hand (`by-hand.txt` beside the arguments), as most of PIT's
                changes there would only break the reading itself.

                """);
        text.append(
                "**%d of %d mutants are killed (%.1f %%), %d survive, %d of them argued.**\n\n"
                        .formatted(
                                all() - survivors.size(),
                                all(),
                                100.0 * (all() - survivors.size()) / all(),
                                survivors.size(),
                                survivors.keySet().stream()
                                        .filter(arguments::containsKey)
                                        .count()));
        perClass(text);
        text.append(
                "\n## Survivors\n\n| Mutant | Changes | Why it may live |\n| --- | --- | --- |\n");
        survivors.forEach(
                (key, what) ->
                        text.append(
                                "| %s | %s | %s |\n"
                                        .formatted(
                                                key,
                                                what,
                                                arguments.getOrDefault(key, "**none**"))));
        byHand(text);
        race(text);
        List<String> faults = faults();
        if (!faults.isEmpty()) {
            text.append("\n## Why this run failed\n\n");
            faults.forEach(fault -> text.append("- ").append(fault).append('\n'));
        }
        return text.toString();
    }

    private void perClass(StringBuilder text) {
        record Count(int killed, int all) {}
        var counts = new TreeMap<String, Count>();
        for (PitMutants.Mutant mutant : pit) {
            counts.merge(
                    mutant.type().replaceFirst("\\$.*", ""),
                    new Count(mutant.isKilled() ? 1 : 0, 1),
                    (a, b) -> new Count(a.killed() + b.killed(), a.all() + b.all()));
        }
        text.append("| Class | Killed | Of |\n| --- | --- | --- |\n");
        counts.forEach(
                (type, count) ->
                        text.append(
                                "| %s | %d | %d |\n".formatted(type, count.killed(), count.all())));
        long killed = byHand.stream().filter(r -> r.status().equals("KILLED")).count();
        text.append("| by hand | %d | %d |\n".formatted(killed, byHand.size()));
    }

    private void byHand(StringBuilder text) {
        text.append(
                "\n## Mutants by hand\n\n| Mutant | In | Noticed by | |\n| --- | --- | --- | --- |\n");
        for (HandMutants.Result result : byHand) {
            text.append(
                    "| %s | %s | %s | %s |\n"
                            .formatted(
                                    result.mutant().name(),
                                    result.mutant().file(),
                                    String.join(", ", result.mutant().tests()),
                                    result.status().toLowerCase(Locale.ROOT)));
        }
    }

    private void race(StringBuilder text) {
        text.append(
                """

                ## Race

                `make race` wipes a folder under the guard while somebody moves in, out, swaps names, mounts, starts
                or kills a real MariaDB in it, or sends the copies of two members of a cluster at once. Each seed
                says where the guard was when the move was complete; whatever was alive when the wipe began must be
                there at the end.

                """);
        race.stream()
                .map(line -> line.split("\t"))
                .filter(line -> line[0].equals("seeds"))
                .forEach(line -> text.append(line[1] + " seeds, " + line[2] + ".\n\n"));
        if (race.isEmpty()) {
            text.append("Not run yet.\n");
        }
        table(text, "window", "| Window | Hits |\n| --- | --- |\n");
        table(text, "end", "\n| Move, what it met, how the run ended | Seeds |\n| --- | --- |\n");
    }

    private void table(StringBuilder text, String kind, String head) {
        List<String[]> lines =
                race.stream().map(line -> line.split("\t")).filter(l -> l[0].equals(kind)).toList();
        if (!lines.isEmpty()) {
            text.append(head);
            lines.forEach(line -> text.append("| %s | %s |\n".formatted(line[2], line[1])));
        }
    }
}
