package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Commands;
import io.backstay.doors.kernel.ChildPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens to a target between look and act, each in the very window that it needs: the
/// recorder is called between the first look and the holding, and between the second look and the
/// act. Runs as root: the guard does.
class ExecWindowsTest {
    @TempDir Path folder;
    private final List<Process> holders = new ArrayList<>();
    private final List<Path> mounted = new ArrayList<>();
    private Path data;
    private Path live;

    @BeforeEach
    void folders() throws IOException {
        folder = folder.toRealPath();
        data = Files.createDirectories(folder.resolve("host/data"));
        live = Files.createDirectories(folder.resolve("host/live"));
        Files.writeString(live.resolve("ibdata1"), "precious");
        Files.createDirectory(folder.resolve("state"));
    }

    @AfterEach
    void end() {
        holders.forEach(process -> process.destroyForcibly().onExit().join());
        mounted.reversed().forEach(point -> command("umount", "-l", point.toString()));
        assertThat(live.resolve("ibdata1")).hasContent("precious");
    }

    private interface Step {
        void run(Path held) throws IOException;
    }

    private static final Step NOTHING = _ -> {};

    /// @param checked right after the first look
    /// @param held right after the second one
    private GuardedAct.Outcome exec(Step checked, Step held) {
        return GuardedAct.run(
                Guard.ofThisHost(),
                request(),
                new GuardedAct.Recorder() {
                    @Override
                    public void holding(Path name) {
                        step(checked, name);
                    }

                    @Override
                    public void intent(GuardAnswer answer, Path name, Interlock.Kind kind) {
                        step(held, name);
                    }
                },
                new GuardedAct.Act() {
                    @Override
                    public boolean isCommand() {
                        return true;
                    }

                    @Override
                    public boolean run(Interlock hold) {
                        return HeldCommand.start(
                                                hold,
                                                List.of(
                                                        "find",
                                                        hold.pathInCommand().toString(),
                                                        "-mindepth",
                                                        "1",
                                                        "-delete"),
                                                Map.of("PATH", "/usr/bin:/bin"),
                                                ChildPlan.Streams.NONE)
                                        .await()
                                == 0;
                    }
                });
    }

    private GuardRequest request() {
        return new GuardRequest(
                "wipe",
                Target.parse("path:" + data),
                HostView.unconfigured(folder.resolve("state")).withDisposable(Set.of("cache")));
    }

    private static void step(Step step, Path name) {
        try {
            step.run(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void command(String... words) {
        Commands.Result result = Commands.run(List.of(words), null, Duration.ofSeconds(60));
        assertThat(result.exit()).as(result.err()).isZero();
    }

    private void assertRefused(GuardedAct.Outcome outcome, String... probes) {
        assertThat(outcome).isInstanceOf(GuardedAct.Outcome.Refused.class);
        assertThat(LiveHostIT.refusing(outcome.answer())).contains(probes);
    }

    private Process holder(Path workingFolder) throws IOException {
        Process process =
                new ProcessBuilder("sh", "-c", "echo; read _")
                        .directory(workingFolder.toFile())
                        .start();
        holders.add(process);
        assertThat(process.getInputStream().read()).isEqualTo('\n');
        return process;
    }

    @Test
    void nothingHappensAndTheFolderIsWiped() throws IOException {
        Files.writeString(data.resolve("cache"), "x");
        GuardedAct.Outcome outcome = exec(NOTHING, NOTHING);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        GuardedAct.Outcome.Done.class,
                        done -> assertThat(done.kind()).isEqualTo(Interlock.Kind.FULL));
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void nameSwappedForALinkToLiveDataIsRefused() throws IOException {
        assertRefused(
                exec(
                        _ -> {
                            Files.move(data, folder.resolve("moved"));
                            Files.createSymbolicLink(data, live);
                        },
                        NOTHING),
                "blind interlock");
        assertThat(Files.readSymbolicLink(data)).isEqualTo(live);
    }

    /// The name is told by listing the folder above; a race found this.
    @Test
    void heldNameTakenDuringTheSecondLookIsRefusedAndToldApart() {
        Thread taker =
                Thread.ofPlatform()
                        .unstarted(
                                () -> {
                                    GuardLab.await("the folder is held", () -> takeHeldName());
                                });
        GuardedAct.Outcome outcome = exec(_ -> taker.start(), NOTHING);
        assertThat(outcome).isInstanceOf(GuardedAct.Outcome.Refused.class);
        assertThat(outcome.answer().reasons().getLast())
                .contains("could not be given its name back: it has neither name");
    }

    private boolean takeHeldName() {
        try (var names = Files.list(data.getParent())) {
            for (Path name : names.toList()) {
                if (name.getFileName().toString().startsWith(".backstay-")) {
                    Files.move(name, folder.resolve("moved"));
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void folderAboveSwappedForALinkIsRefused() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.createDirectory(other.resolve("data"));
        assertRefused(
                exec(
                        _ -> {
                            Files.move(data.getParent(), folder.resolve("moved"));
                            Files.createSymbolicLink(data.getParent(), other);
                            live = folder.resolve("moved/live");
                        },
                        NOTHING),
                "blind target");
        assertThat(other.resolve("data")).isDirectory();
    }

    @Test
    void otherFolderUnderTheSameNameIsLookedAtAfresh() {
        assertRefused(
                exec(
                        _ -> {
                            Files.move(data, folder.resolve("moved"));
                            Files.move(live, data);
                            live = data;
                        },
                        NOTHING),
                "live data-at-rest");
    }

    @Test
    void fileSystemMountedOnItIsRefused() {
        assertRefused(
                exec(
                        _ -> {
                            command("mount", "-t", "tmpfs", "none", data.toString());
                            mounted.add(data);
                            Files.writeString(data.resolve("ibdata1"), "precious");
                        },
                        NOTHING),
                "blind interlock");
        assertThat(data.resolve("ibdata1")).hasContent("precious");
    }

    @Test
    void bindMountOfLiveDataOnItIsRefused() {
        assertRefused(
                exec(
                        _ -> {
                            command("mount", "--bind", live.toString(), data.toString());
                            mounted.add(data);
                        },
                        NOTHING),
                "blind interlock");
        assertThat(data.resolve("ibdata1")).hasContent("precious");
    }

    @Test
    void mountPutBelowItIsRefused() throws IOException {
        Path below = Files.createDirectory(data.resolve("below"));
        GuardedAct.Outcome outcome =
                exec(
                        _ -> {
                            command("mount", "--bind", live.toString(), below.toString());
                            mounted.add(below);
                        },
                        NOTHING);
        assertRefused(outcome, "live mounts");
        assertThat(below.resolve("ibdata1")).hasContent("precious");
    }

    @Test
    void processThatEntersItIsRefused() {
        assertRefused(exec(_ -> holder(data), NOTHING), "live open-files");
        assertThat(data).exists();
    }

    @Test
    void fileThatIsOpenedIsRefused() throws IOException {
        Path cache = Files.writeString(data.resolve("cache"), "x");
        assertRefused(
                exec(
                        _ ->
                                holders.add(
                                        new ProcessBuilder("sleep", "600")
                                                .redirectInput(cache.toFile())
                                                .start()),
                        NOTHING),
                "live open-count");
        assertThat(cache).hasContent("x");
    }

    @Test
    void heldNameThatLeadsElsewhereStopsTheAct() {
        GuardedAct.Outcome outcome =
                exec(
                        NOTHING,
                        name -> {
                            Files.move(name, folder.resolve("moved"));
                            Files.move(live, name);
                            live = data; // gets the old name back
                        });
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        GuardedAct.Outcome.InDoubt.class,
                        doubt -> assertThat(doubt.why()).contains("the act was not begun"));
    }

    @Test
    void heldNameSwappedForALinkStopsTheAct() {
        GuardedAct.Outcome outcome =
                exec(
                        NOTHING,
                        name -> {
                            Files.move(name, folder.resolve("moved"));
                            Files.createSymbolicLink(name, live);
                        });
        assertThat(outcome).isInstanceOf(GuardedAct.Outcome.InDoubt.class);
    }

    @Test
    void nameThatSomebodyMakesAnewMeanwhileStopsTheAct() throws IOException {
        Files.writeString(data.resolve("cache"), "x");
        GuardedAct.Outcome outcome = exec(NOTHING, _ -> Files.createDirectory(data));
        assertThat(outcome).isInstanceOf(GuardedAct.Outcome.InDoubt.class);
    }

    @Test
    void mountPointIsGivenByItsDescriptorAndEmptied() throws IOException {
        command("mount", "-t", "tmpfs", "none", data.toString());
        mounted.add(data);
        Files.createDirectories(data.resolve("a/b"));
        Files.writeString(data.resolve("cache"), "x");
        var names = new ArrayList<Path>();
        GuardedAct.Outcome outcome = exec(names::add, names::add);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        GuardedAct.Outcome.Done.class,
                        done -> assertThat(done.window()).contains("keeps its name"));
        assertThat(names).containsExactly(data, data);
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void emptyMountThatCoversDataIsRefused() throws IOException {
        command("mount", "-t", "tmpfs", "none", live.toString());
        mounted.add(live);
        data = live;
        assertRefused(exec(NOTHING, NOTHING), "live data-at-rest");
        command("umount", live.toString());
        mounted.clear();
    }

    @Test
    void whatIsMountedOverAHeldMountPointIsNotReached() throws IOException {
        command("mount", "-t", "tmpfs", "none", data.toString());
        mounted.add(data);
        GuardedAct.Outcome outcome =
                exec(
                        NOTHING,
                        _ -> {
                            command("mount", "--bind", live.toString(), data.toString());
                            mounted.add(data);
                        });
        assertThat(outcome).isInstanceOf(GuardedAct.Outcome.InDoubt.class);
        assertThat(data.resolve("ibdata1")).hasContent("precious");
    }

    @Test
    void mountPointThatIsMountedElsewhereTooIsRefused() throws IOException {
        command("mount", "-t", "tmpfs", "none", data.toString());
        mounted.add(data);
        Path second = Files.createDirectory(folder.resolve("second"));
        command("mount", "--bind", data.toString(), second.toString());
        mounted.add(second);
        assertRefused(exec(NOTHING, NOTHING), "live mounts");
    }
}
