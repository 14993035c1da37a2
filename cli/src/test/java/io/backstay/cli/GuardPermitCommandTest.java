package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Disk;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardedAct;
import io.backstay.guard.HostView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Permits from the asking to the spending, and the drill that stops them. Runs as root: the guard
/// does.
class GuardPermitCommandTest {
    @TempDir Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path data;
    private Path state;
    private int files;

    @BeforeEach
    void hostWithTwoPeople() throws IOException {
        folder = folder.toRealPath();
        data = Files.createDirectories(folder.resolve("host/data"));
        state = Files.createDirectory(folder.resolve("state"));
        for (String person : List.of("alice", "bob", "eve")) {
            assertThat(run("key", "new", person, "--dir", folder.toString())).isZero();
        }
        Path keys = Files.createDirectory(state.resolve("permit-keys"));
        Files.copy(folder.resolve("alice.pub"), keys.resolve("alice.pub"));
        Files.copy(folder.resolve("bob.pub"), keys.resolve("bob.pub"));
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        return new CommandLineRun(
                        List.of(GuardCommand.class, KeyCommand.class),
                        new PrintStream(out),
                        new PrintStream(err))
                .run(args);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path ask(String... command) {
        Path file = folder.resolve("ask" + files++);
        var words = new ArrayList<>(List.of("guard", "permit", "ask", "--out", file.toString()));
        assertThat(run(words(words, command))).as(said()).isZero();
        return file;
    }

    private String[] words(List<String> words, String... command) {
        words.addAll(
                List.of(
                        "--state",
                        state.toString(),
                        "--operation",
                        "wipe",
                        "--target",
                        "path:" + data,
                        "--"));
        words.addAll(List.of(command));
        return words.toArray(String[]::new);
    }

    private String signed(Path ask, String by) {
        Path file = folder.resolve("permit" + files++);
        assertThat(
                        run(
                                "guard",
                                "permit",
                                "sign",
                                ask.toString(),
                                "--key",
                                folder.resolve(by + ".key").toString(),
                                "--out",
                                file.toString()))
                .as(said())
                .isZero();
        return file.toString();
    }

    private int exec(List<String> permits, String... command) {
        var words = new ArrayList<>(List.of("guard", "exec"));
        permits.forEach(permit -> words.addAll(List.of("--permit", permit)));
        return run(words(words, command));
    }

    private List<String> permit(String... command) {
        Path ask = ask(command);
        return List.of(signed(ask, "alice"), signed(ask, "bob"));
    }

    @Test
    void permitOfTwoPeopleIsGoodOnceForItsCommand() {
        List<String> permit = permit("true", "{target}");
        assertThat(exec(permit, "false", "{target}")).isEqualTo(3);
        assertThat(said()).contains("it is for the command [true, {target}]");
        assertThat(exec(permit, "true", "{target}")).as(said()).isZero();
        assertThat(exec(permit, "true", "{target}")).isEqualTo(3);
        assertThat(said()).contains("it was used before");
    }

    @Test
    void withoutTwoPeopleItIsRefused() {
        Path ask = ask("true", "{target}");
        assertThat(exec(List.of(), "true", "{target}")).isEqualTo(3);
        assertThat(said()).contains("this host acts with a permit only");
        String alice = signed(ask, "alice");
        assertThat(exec(List.of(alice), "true", "{target}")).isEqualTo(3);
        assertThat(exec(List.of(alice, signed(ask, "alice")), "true", "{target}")).isEqualTo(3);
        assertThat(said()).contains("expected signatures by 2 people");
        assertThat(exec(List.of(alice, signed(ask, "eve")), "true", "{target}")).isEqualTo(3);
        assertThat(exec(List.of(alice, signed(ask("true", "{target}"), "bob")), "true", "{target}"))
                .isEqualTo(3);
        assertThat(said()).contains("for different things");
    }

    @Test
    void refusalUsesThePermitUp() throws IOException {
        List<String> permit = permit("true", "{target}");
        Path row = Files.writeString(data.resolve("row"), "x");
        assertThat(exec(permit, "true", "{target}")).isEqualTo(3);
        Files.delete(row);
        assertThat(exec(permit, "true", "{target}")).isEqualTo(3);
        assertThat(said()).contains("it was used before");
    }

    @Test
    void askThatThisHostDidNotMakeIsRefused() throws IOException {
        Path ask = ask("true", "{target}");
        Path other = folder.resolve("other");
        Files.writeString(other, Files.readString(ask).replace(data.toString(), data + "2"));
        Path later = folder.resolve("later");
        Files.writeString(
                later,
                Files.readString(ask).replaceFirst("(\"notAfterBootSeconds\":)\\d+", "$199999999"));
        for (Path changed : List.of(other, later)) {
            List<String> permit = List.of(signed(changed, "alice"), signed(changed, "bob"));
            assertThat(exec(permit, "true", "{target}")).as(said()).isEqualTo(3);
        }
        assertThat(said()).contains("this host has not asked for it");
    }

    @Test
    void decoyIsRefusedAndPermitsStayGood() {
        assertThat(run("guard", "permit", "decoy", "--state", state.toString()))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("REFUSED, as it must be: live");
        assertThat(exec(permit("true", "{target}"), "true", "{target}")).as(said()).isZero();
    }

    @Test
    void decoyThatIsNotRefusedStopsAllPermits() {
        List<String> permit = permit("true", "{target}");
        try (var journal = GuardJournal.open(state)) {
            var drill =
                    new DecoyDrill(
                            journal, state, HostView.unconfigured(state), Guard.ofThisHost());
            DecoyDrill.Result result =
                    drill.run(
                            decoy ->
                                    new GuardedAct.Outcome.InDoubt(
                                            Guard.ofThisHost()
                                                    .check(
                                                            new io.backstay.guard.GuardRequest(
                                                                    "wipe",
                                                                    io.backstay.guard.Target.parse(
                                                                            "path:" + decoy),
                                                                    HostView.unconfigured(state))),
                                            "lost"));
            assertThat(result.isRefused()).isFalse();
        }
        assertThat(exec(permit, "true", "{target}")).isEqualTo(3);
        assertThat(said()).contains("is stopped: a decoy drill was not refused: in doubt");
        assertThat(
                        run(
                                "guard",
                                "permit",
                                "resume",
                                "--state",
                                state.toString(),
                                "--reason",
                                "mended"))
                .isZero();
        assertThat(exec(permit, "true", "{target}")).as(said()).isZero();
    }

    /// It is refused for its unknown files, or because nobody could look: neither is seeing it.
    @Test
    void refusalByNobodyWhoSeesTheDecoysProcessStopsAllPermits() throws IOException {
        Path unknown = Files.createDirectory(folder.resolve("unknown"));
        Files.writeString(unknown.resolve("row"), "x");
        try (var journal = GuardJournal.open(state)) {
            var drill =
                    new DecoyDrill(
                            journal, state, HostView.unconfigured(state), Guard.ofThisHost());
            DecoyDrill.Result result =
                    drill.run(
                            decoy ->
                                    new GuardedAct.Outcome.Refused(
                                            Guard.ofThisHost()
                                                    .check(
                                                            new io.backstay.guard.GuardRequest(
                                                                    "wipe",
                                                                    io.backstay.guard.Target.parse(
                                                                            "path:" + unknown),
                                                                    HostView.unconfigured(
                                                                            state)))));
            assertThat(result.isRefused()).isFalse();
        }
        assertThat(exec(permit("true", "{target}"), "true", "{target}")).isEqualTo(3);
        assertThat(said()).contains("is stopped", "nobody saw what holds it");
    }

    @Test
    void aStoppedGuardActsForNobodyWhereNoPermitIsNeeded() throws IOException {
        Disk.deleteTree(state.resolve("permit-keys"));
        assertThat(exec(List.of(), "true", "{target}")).as(said()).isZero();
        try (var journal = GuardJournal.open(state)) {
            journal.permits().stop("a decoy drill was not refused");
        }
        assertThat(exec(List.of(), "true", "{target}")).isEqualTo(3);
        assertThat(said()).contains("the guard of this host is stopped");
    }

    @Test
    void keysThatCannotBeReadDoNotSwitchPermitsOff() throws IOException {
        Path keys = state.resolve("permit-keys");
        Disk.deleteTree(keys);
        Files.createSymbolicLink(keys, folder.resolve("not-mounted"));
        assertThat(exec(List.of(), "true", "{target}")).isEqualTo(3);
        assertThat(said()).contains("is there and cannot be read as a folder of keys");
    }

    @Test
    void drillThatCannotBePlayedStopsAllPermits() {
        try (var journal = GuardJournal.open(state)) {
            var drill =
                    new DecoyDrill(
                            journal, state, HostView.unconfigured(state), Guard.ofThisHost());
            drill.run(
                    _ -> {
                        throw new IOException("no folder");
                    });
        }
        assertThat(exec(permit("true", "{target}"), "true", "{target}")).isEqualTo(3);
        assertThat(said()).contains("is stopped", "no folder");
    }
}
