package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class CommandLineRunTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Command(name = "refuse", footer = "Exit codes: 3 always.")
    static final class RefuseCommand implements Callable<Integer> {
        @Mixin private Console console = new Console();

        @Option(names = "--how")
        private String how = "problem";

        @Override
        public Integer call() {
            console.say("looking");
            switch (how) {
                case "problem" ->
                        throw new Problem(ErrorCode.REFUSED, "h1 holds data", "look at h1.");
                case "file" -> throw new UncheckedIOException(new NoSuchFileException("/no/such"));
                case "bug" -> throw new IllegalStateException("secret inside");
                default -> console.result("fine", () -> List.of(1));
            }
            return 0;
        }
    }

    @Test
    void aProblemIsPrintedWithItsHintAndEndsWithItsCode() {
        assertThat(run("refuse")).isEqualTo(3);
        assertThat(errors()).isEqualTo("looking\nh1 holds data\nHINT: look at h1.\n");
        assertThat(output()).isEmpty();
    }

    @Test
    void aProblemInJsonIsOneDocumentOnStandardOutput() {
        assertThat(run("--output", "json", "--quiet", "refuse")).isEqualTo(3);
        assertThat(output())
                .isEqualTo(
                        """
                        {"schemaVersion":1,"error":{"code":"refused","message":"h1 holds data","hint":"look at h1."},"exit":3}
                        """);
        assertThat(errors()).isEmpty();
    }

    @Test
    void globalOptionsAreTakenBehindTheVerbToo() {
        assertThat(run("refuse", "--quiet", "--how", "none", "--output=json")).isZero();
        assertThat(output()).isEqualTo("[1]\n");
        assertThat(errors()).isEmpty();
    }

    @Test
    void aMissingFileIsAnEnvironmentErrorThatNamesIt() {
        assertThat(run("refuse", "--quiet", "--how", "file")).isEqualTo(2);
        assertThat(errors())
                .isEqualTo(
                        """
                        cannot use /no/such: no such file or folder
                        HINT: look at `ls -ld /no/such`, then run the same command again. `backstay doctor` checks disk and folders.
                        """);
    }

    @Test
    void anythingElseIsOursAndItsTraceGoesToAFileOnly() throws IOException {
        assertThat(run("refuse", "--quiet", "--how", "bug")).isEqualTo(70);
        assertThat(errors()).doesNotContain("secret").doesNotContain("\tat ");
        var file = Pattern.compile("with the file (\\S+) ").matcher(errors());
        assertThat(file.find()).isTrue();
        Path trace = Path.of(file.group(1));
        assertThat(trace).content().contains("IllegalStateException: secret inside");
        Files.delete(trace);
    }

    @Test
    void anUnknownVerbNamesTheNearest() {
        assertThat(run("refsue")).isEqualTo(2);
        assertThat(errors())
                .isEqualTo(
                        """
                        there is no verb `backstay refsue`
                        HINT: nearest: refuse. `backstay --help` shows what there is.
                        """);
    }

    @Test
    void anUnknownOptionNamesTheNearest() {
        assertThat(run("refuse", "--hwo", "x")).isEqualTo(2);
        assertThat(errors())
                .isEqualTo(
                        """
                        `backstay refuse` has no option --hwo
                        HINT: nearest: --how. `backstay refuse --help` shows what there is.
                        """);
    }

    @Test
    void aUsageErrorInJsonIsADocumentToo() {
        assertThat(run("--output", "json", "nothing-like-it")).isEqualTo(2);
        assertThat(output())
                .isEqualTo(
                        """
                        {"schemaVersion":1,"error":{"code":"usage","message":"there is no verb `backstay nothing-like-it`","hint":"`backstay --help` shows what there is."},"exit":2}
                        """);
    }

    @Test
    void anotherProgramsOptionsBehindTwoDashesAreNotOurs() {
        assertThat(run("refuse", "--quiet", "--", "--output", "json")).isEqualTo(2);
        assertThat(output()).isEmpty();
        assertThat(errors()).contains("takes no further argument, found '--output'");
    }

    @Test
    void noVerbAtAllIsAUsageError() {
        assertThat(run()).isEqualTo(2);
        assertThat(errors()).startsWith("`backstay` needs a verb: refuse\nHINT: ");
    }

    @Test
    void everyVerbHasADescriptionAndItsExitCodes() {
        var poor = new ArrayList<String>();
        collectPoor(new CommandLineRun(Main.VERBS, System.out, System.err).commandLine(), poor);
        assertThat(poor).isEmpty();
    }

    private static void collectPoor(picocli.CommandLine line, List<String> poor) {
        for (picocli.CommandLine verb : line.getSubcommands().values()) {
            var usage = verb.getCommandSpec().usageMessage();
            boolean isGroup = !verb.getSubcommands().isEmpty();
            boolean hasCodes = String.join(" ", usage.footer()).contains("Exit codes:");
            if (usage.description().length == 0 || !(isGroup || hasCodes)) {
                poor.add(verb.getCommandSpec().qualifiedName());
            }
            collectPoor(verb, poor);
        }
    }

    private int run(String... args) {
        return new CommandLineRun(
                        List.of(RefuseCommand.class), new PrintStream(out), new PrintStream(err))
                .run(args);
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
