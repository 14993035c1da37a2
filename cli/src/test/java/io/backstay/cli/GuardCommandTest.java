package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Commands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The guard as people call it. Runs as root: the guard does.
class GuardCommandTest {
    @TempDir Path folder;
    private Path data;
    private Path state;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void folders() throws IOException {
        folder = folder.toRealPath();
        data = Files.createDirectories(folder.resolve("host/data"));
        state = folder.resolve("state");
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        return new CommandLineRun(
                        List.of(GuardCommand.class), new PrintStream(out), new PrintStream(err))
                .run(args);
    }

    private int exec(String... command) {
        return run(
                Stream.concat(
                                Stream.of(
                                        "--output",
                                        "json",
                                        "guard",
                                        "exec",
                                        "--state",
                                        state.toString(),
                                        "--operation",
                                        "wipe",
                                        "--target",
                                        "path:" + data,
                                        "--"),
                                Stream.of(command))
                        .toArray(String[]::new));
    }

    private JsonNode json() {
        return JsonMapper.builder().build().readTree(out.toString(StandardCharsets.UTF_8));
    }

    private String chain() throws IOException {
        return Files.readString(state.resolve("ledger/guard.jsonl"));
    }

    @Test
    void emptyFolderIsClearedAndAFileRefuses() throws IOException {
        String[] check = {
            "--output", "json", "guard", "check", "--operation", "wipe", "--target", "path:" + data
        };
        assertThat(run(check)).isZero();
        assertThat(json().path("verdict").asString()).isEqualTo("cleared");
        Files.writeString(data.resolve("f"), "x");
        assertThat(run(check)).isEqualTo(3);
        assertThat(json().path("verdict").asString()).isEqualTo("refused");
        assertThat(json().path("schemaVersion").asInt()).isEqualTo(1);
    }

    @Test
    void nonsenseIsAUsageError() {
        for (String target : new String[] {"", "path:", "path:/", "path:/srv/*", "tape:0"}) {
            assertThat(run("guard", "check", "--operation", "wipe", "--target", target))
                    .as(target)
                    .isEqualTo(2);
        }
        assertThat(run("guard", "check", "--operation", "paint", "--target", "path:" + data))
                .isEqualTo(2);
        assertThat(
                        run(
                                "guard",
                                "check",
                                "--force",
                                "--operation",
                                "wipe",
                                "--target",
                                "path:" + data))
                .isEqualTo(2);
    }

    @Test
    void commandRunsOnTheHeldNameWithIntentAndOutcomeInTheLedger() throws IOException {
        Files.createDirectory(data.resolve("old"));
        assertThat(exec("rmdir", "{target}/old")).isZero();
        assertThat(data).isEmptyDirectory();
        assertThat(json().path("outcome").asString()).isEqualTo("done");
        assertThat(json().path("interlock").asString()).isEqualTo("full");
        assertThat(chain().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("guard.exec.holding"),
                        line -> assertThat(line).contains("guard.exec.intent"),
                        line -> assertThat(line).contains("guard.exec.outcome", "\"done\""));
    }

    @Test
    void commandsOwnCodeIsToldAndNeverTheExitCode() {
        assertThat(exec("sh", "-c", "exit 77", "{target}")).isEqualTo(1);
        assertThat(json().path("commandExit").asInt()).isEqualTo(77);
        assertThat(exec("no-such-program", "{target}")).isEqualTo(1);
    }

    @Test
    void programsThatClaimTheirDeviceAreKnown() {
        for (String command :
                new String[] {
                    "mkfs {target}",
                    "/usr/sbin/mkfs.ext4 -q {target}",
                    "mkswap -f {target}",
                    "wipefs -a {target}",
                    "blkdiscard {target}"
                }) {
            assertThat(DeviceCommand.claimsItself(List.of(command.split(" "))))
                    .as(command)
                    .isTrue();
        }
        for (String command :
                new String[] {
                    "dd of={target}",
                    "wipefs -a -f {target}",
                    "blkdiscard --force {target}",
                    "sh -c mkfs {target}"
                }) {
            assertThat(DeviceCommand.claimsItself(List.of(command.split(" "))))
                    .as(command)
                    .isFalse();
        }
    }

    @Test
    void devicesOwnNameIsKnownUnderEverySpelling() throws IOException {
        Path node = node("node", "7");
        for (String spelling :
                List.of(
                        node.toString(),
                        "of=" + node,
                        node("same", "7").toString(),
                        Files.createSymbolicLink(folder.resolve("link"), node).toString(),
                        folder + "/host/../node")) {
            assertThat(DeviceCommand.names(spelling, node)).as(spelling).isTrue();
        }
        for (String other : List.of("of={target}", node("other", "6").toString(), "plain", "")) {
            assertThat(DeviceCommand.names(other, node)).as(other).isFalse();
        }
    }

    private Path node(String name, String minor) {
        Path node = folder.resolve(name);
        assertThat(
                        Commands.run(
                                        List.of("mknod", node.toString(), "b", "7", minor),
                                        null,
                                        Duration.ofSeconds(60))
                                .exit())
                .isZero();
        return node;
    }

    @Test
    void handingOverIsForDevicesOnly() {
        assertThat(
                        run(
                                "guard",
                                "exec",
                                "--operation",
                                "wipe",
                                "--hand-over",
                                "--target",
                                "path:" + data,
                                "--",
                                "true",
                                "{target}"))
                .isEqualTo(2);
    }

    @Test
    void refusedCommandIsNeverStarted() throws IOException {
        Files.writeString(data.resolve("precious"), "x");
        assertThat(exec("rm", "-rf", "{target}/precious")).isEqualTo(3);
        assertThat(data.resolve("precious")).exists();
        assertThat(chain()).contains("guard.exec.refused").doesNotContain("guard.exec.intent");
    }

    @Test
    void targetsOwnPathBesideThePlaceIsRefused() {
        assertThat(exec("rm", "-rf", "{target}", data + "/x")).isEqualTo(2);
        assertThat(exec("rm", "-rf", "{target}", "--root=" + data)).isEqualTo(2);
        assertThat(exec("rm", "-rf", data.toString())).isEqualTo(2);
        assertThat(exec("{target}/run")).isEqualTo(2);
    }

    @Test
    void targetsOwnPathIsRefusedUnderEverySpelling() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), data);
        Path parentLink = Files.createSymbolicLink(folder.resolve("up"), data.getParent());
        Files.createDirectory(data.resolve("empty"));
        for (String spelling :
                List.of(
                        data + "/",
                        data.getParent() + "/./data",
                        data.getParent() + "/x/../data/file",
                        data.getParent() + "/../host/data",
                        link.toString(),
                        link + "/not-there-yet",
                        parentLink + "/data/empty/..",
                        "/proc/self/root" + link,
                        "--root=" + parentLink + "/data",
                        "host:" + link)) {
            assertThat(exec("true", "{target}", spelling)).as(spelling).isEqualTo(2);
        }
        assertThat(exec("true", "{target}", data + "-beside", folder.toString(), "plain", ""))
                .isEqualTo(2); // the first holds the target's name as text
        assertThat(exec("true", "{target}", folder.toString(), "plain", "", "a=b")).isZero();
    }

    @Test
    void folderHeldByAKilledRunIsPutBackAndLookedAtAfresh() throws IOException {
        Files.writeString(data.resolve("precious"), "x");
        Path held = leaveHeld();

        assertThat(exec("rm", "-rf", "{target}/precious")).isEqualTo(3);
        assertThat(data.resolve("precious")).exists();
        assertThat(held).doesNotExist();
        assertThat(chain().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).contains("guard.exec.holding"),
                        line -> assertThat(line).contains("guard.exec.released"),
                        line -> assertThat(line).contains("guard.exec.refused"));
    }

    @Test
    void folderHeldByAKilledRunWhoseNameIsTakenIsInDoubt() throws IOException {
        Files.writeString(data.resolve("precious"), "x");
        Path held = leaveHeld();
        Files.createDirectory(data);

        assertThat(exec("true", "{target}")).isEqualTo(5);
        assertThat(json().toString())
                .contains("before its command began", held.toString(), "--settle-doubt");
        assertThat(held.resolve("precious")).exists();
    }

    /// As a run leaves it that was killed under the interlock, before its intent.
    private Path leaveHeld() throws IOException {
        Path full = folder.resolve("full");
        Files.move(data, full);
        Files.createDirectory(data);
        assertThat(exec("true", "{target}"))
                .as(() -> out.toString(StandardCharsets.UTF_8))
                .isZero();
        cutChainTo(1);
        Path held = Path.of(chain().replaceAll("(?s).*\"held\":\"([^\"]*)\".*", "$1"));
        Files.delete(data);
        Files.move(full, held);
        return held;
    }

    private void cutChainTo(int lines) throws IOException {
        Files.writeString(
                state.resolve("ledger/guard.jsonl"),
                chain().lines().limit(lines).collect(Collectors.joining("\n", "", "\n")));
    }

    @Test
    void intentWithoutAnOutcomeIsInDoubtUntilAPersonHasLooked() throws IOException {
        assertThat(exec("true", "{target}")).isZero();
        // cut off between intent and outcome: the last line never came
        cutChainTo(2);

        assertThat(exec("true", "{target}")).isEqualTo(5);
        assertThat(
                        run(
                                "guard",
                                "exec",
                                "--state",
                                state.toString(),
                                "--operation",
                                "wipe",
                                "--target",
                                "path:" + data,
                                "--settle-doubt",
                                "the folder is empty",
                                "--",
                                "true",
                                "{target}"))
                .isZero();
        assertThat(chain()).contains("guard.exec.settled", "the folder is empty");
    }

    @Test
    void selftestTellsLiesThatAreAllRefused() {
        assertThat(run("--output", "json", "guard", "selftest"))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(json().path("lies"))
                .hasSizeGreaterThan(10)
                .allSatisfy(lie -> assertThat(lie.path("passed").asBoolean()).isTrue());
    }
}
