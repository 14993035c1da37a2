package io.backstay.guard.proof;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// Mutants of code that talks to the kernel, each a change to a source file that somebody wrote
/// down in `src/test/mutation/by-hand.txt`, with the tests that must notice.
///
/// ```
/// mutant NAME            what it is, for people
/// in internal/X.java     below io/backstay/guard
/// from TEXT              stands there exactly once
/// to TEXT                may be empty
/// by TEST[,TEST]         names below io.backstay.guard
/// ```
final class HandMutants {
    private static final long DEADLINE_SECONDS = 300;

    /// @param status `KILLED` or `SURVIVED`
    record Result(Mutant mutant, String status) {}

    record Mutant(String name, String file, String from, String to, List<String> tests) {}

    private final Path module;
    private final Path work;

    /// @param module the guard's folder, with `src` in it
    HandMutants(Path module, Path work) {
        this.module = module;
        this.work = work;
    }

    static List<Mutant> parse(List<String> lines) {
        var mutants = new ArrayList<Mutant>();
        var fields = new ArrayList<String>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String word = List.of("mutant", "in", "from", "to", "by").get(fields.size());
            if (!line.equals(word) && !line.startsWith(word + " ")) {
                throw new IllegalArgumentException("expected '" + word + " ...', found: " + line);
            }
            fields.add(line.substring(word.length()).strip());
            if (fields.size() == 5) {
                mutants.add(
                        new Mutant(
                                fields.get(0),
                                fields.get(1),
                                fields.get(2),
                                fields.get(3),
                                List.of(fields.get(4).split(","))));
                fields.clear();
            }
        }
        if (!fields.isEmpty()) {
            throw new IllegalArgumentException("a mutant that is cut off: " + fields);
        }
        return mutants;
    }

    /// All of them, after their tests have passed without any.
    List<Result> run(List<Mutant> mutants) throws IOException, InterruptedException {
        var tests = new TreeSet<String>();
        mutants.forEach(mutant -> tests.addAll(mutant.tests()));
        Path nothing = Files.createDirectories(work.resolve("nothing"));
        if (!passes(nothing, List.copyOf(tests))) {
            throw new IllegalStateException("the tests fail without any mutant: " + tests);
        }
        var results = new ArrayList<Result>();
        for (Mutant mutant : mutants) {
            Path classes =
                    Files.createDirectories(
                            work.resolve(
                                    mutant.name()
                                            .replaceAll("\\W+", "-")
                                            .toLowerCase(Locale.ROOT)));
            compile(mutant, classes);
            String status = passes(classes, mutant.tests()) ? "SURVIVED" : "KILLED";
            System.out.println("MUTANT " + status + " " + mutant.name());
            results.add(new Result(mutant, status));
        }
        return results;
    }

    private void compile(Mutant mutant, Path classes) throws IOException {
        Path source = module.resolve("src/main/java/io/backstay/guard").resolve(mutant.file());
        // the formatter breaks lines as it likes
        String text = Files.readString(source).replaceAll("\\s+", " ");
        int at = text.indexOf(mutant.from());
        if (at < 0 || text.indexOf(mutant.from(), at + 1) >= 0) {
            throw new IllegalStateException(
                    "mutant '%s' is stale: expected exactly once in %s: %s"
                            .formatted(mutant.name(), mutant.file(), mutant.from()));
        }
        Path changed = classes.resolve(source.getFileName().toString());
        Files.writeString(changed, unfolded(source, mutant));
        int exit =
                Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK is needed")
                        .run(
                                null,
                                null,
                                null,
                                "-nowarn",
                                "-proc:none",
                                "-cp",
                                classPath(),
                                "-d",
                                classes.toString(),
                                changed.toString());
        if (exit != 0) {
            throw new IllegalStateException("mutant '" + mutant.name() + "' does not compile");
        }
    }

    /// Comments end with their lines, so the text is changed as it stands, whatever blanks it has.
    private static String unfolded(Path source, Mutant mutant) throws IOException {
        String pattern =
                Stream.of(mutant.from().split(" "))
                        .map(java.util.regex.Pattern::quote)
                        .collect(java.util.stream.Collectors.joining("\\s+"));
        return Files.readString(source)
                .replaceFirst(pattern, java.util.regex.Matcher.quoteReplacement(mutant.to()));
    }

    private boolean passes(Path first, List<String> tests)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        first + File.pathSeparator + classPath(),
                        RunTests.class.getName()));
        tests.forEach(test -> command.add("io.backstay.guard." + test));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(first.resolve("log").toFile())
                        .start();
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            return false;
        }
        return process.exitValue() == 0;
    }

    /// Surefire puts the real one into a property, and itself into the usual one.
    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
