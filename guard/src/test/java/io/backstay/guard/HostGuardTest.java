package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guard on this machine, without a server. Runs as root: the guard does.
class HostGuardTest {
    @TempDir Path folder;
    private Path data;
    private Path state;

    @BeforeEach
    void folders() throws IOException {
        folder = folder.toRealPath();
        data = Files.createDirectories(folder.resolve("host/data"));
        state = Files.createDirectories(folder.resolve("state"));
    }

    private GuardAnswer wipe(HostView view) {
        return Guard.ofThisHost()
                .check(new GuardRequest("wipe", Target.parse("path:" + data), view));
    }

    private GuardAnswer wipe() {
        return wipe(HostView.unconfigured(state));
    }

    @Test
    void nestedEmptyFoldersAreClearedTwentyTimes() throws IOException {
        Files.createDirectories(data.resolve("a/b/c"));
        Files.createDirectories(data.resolve("lost+found"));
        for (int i = 0; i < 20; i++) {
            assertThat(wipe().reasons()).isEmpty();
        }
    }

    @Test
    void stateFolderWithALongNameIsNoObstacle() throws IOException {
        for (int length : new int[] {50, 54, 55, 60, 70, 71, 90}) {
            Path parent = Files.createTempDirectory("long");
            Path named = parent.resolve("x".repeat(length - parent.toString().length() - 1));
            try {
                Files.createDirectory(named);
                assertThat(wipe(HostView.unconfigured(named)).reasons())
                        .describedAs("%d bytes", length)
                        .isEmpty();
            } finally {
                Files.deleteIfExists(named);
                Files.delete(parent);
            }
        }
    }

    @Test
    void controlsLeaveNothingBehind() {
        wipe();
        assertThat(state).isEmptyDirectory();
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void unknownFileIsLiveUnlessTheHostCallsItDisposable() throws IOException {
        Files.writeString(data.resolve("notes.txt"), "x");
        assertThat(wipe().reasons())
                .containsExactly("live   data-at-rest     not known to be disposable: notes.txt");
        assertThat(wipe(HostView.unconfigured(state).withDisposable(Set.of("notes.txt"))).reasons())
                .isEmpty();
    }

    @Test
    void archiveUnderADisposableNameIsLive() throws IOException {
        Files.write(data.resolve(".keep"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
        HostView view =
                HostView.unconfigured(state)
                        .withDisposable(DisposableNames.with(state.resolve("n")));
        assertThat(wipe(view).reasons())
                .containsExactly(
                        "live   data-at-rest     data: .keep, which holds an archive" + " (gzip)");
        Files.write(data.resolve(".keep"), new byte[] {'\n'});
        assertThat(wipe(view).reasons()).isEmpty();
    }

    @Test
    void namesAreProposedOnlyWhereNothingIsRecognised() throws IOException {
        Files.writeString(data.resolve("notes\t.txt"), "x");
        Files.writeString(data.resolve("ibdata1"), "x");
        Files.writeString(data.resolve("dump"), "-- MariaDB dump 10.19");
        Files.createFile(data.resolve(".keep"));
        assertThat(DisposableNames.propose(data, DisposableNames.shipped()))
                .containsExactly("notes\t.txt");
        assertThat(wipe().text()).contains("notes?.txt").doesNotContain("\t");
    }

    @Test
    void hardLinkIsLiveEvenIfDisposableByName() throws IOException {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "x");
        Files.createLink(data.resolve("notes.txt"), elsewhere);
        assertThat(wipe(HostView.unconfigured(state).withDisposable(Set.of("notes.txt"))).reasons())
                .containsExactly(
                        "live   data-at-rest     reaches out of the folder: notes.txt has 2 names");
    }

    @Test
    void symbolicLinkBelowIsLive() throws IOException {
        Files.createSymbolicLink(data.resolve("out"), folder);
        assertThat(wipe().reasons())
                .containsExactly(
                        "live   data-at-rest     reaches out of the folder: out is a symbolic link");
    }

    @Test
    void emptyFileIsLive() throws IOException {
        Files.createFile(data.resolve("ibdata1"));
        assertThat(wipe().reasons()).containsExactly("live   data-at-rest     data: ibdata1");
    }

    @Test
    void disposableFileThatIsOpenIsLive() throws IOException {
        try (var file = new RandomAccessFile(data.resolve("cache").toFile(), "rw")) {
            file.write(1);
            assertThat(
                            LiveHostIT.refusing(
                                    wipe(
                                            HostView.unconfigured(state)
                                                    .withDisposable(Set.of("cache")))))
                    .contains("live open-count", "live open-files")
                    .doesNotContain("live data-at-rest");
        }
    }

    @Test
    void missingFolderIsBlindForEveryProbe() {
        data = data.resolve("no");
        assertThat(LiveHostIT.refusing(wipe()))
                .contains("blind target", "blind lock", "blind data-at-rest")
                .noneMatch(reason -> reason.startsWith("live"));
    }

    @Test
    void foldersThatHoldTheGuardsOwnStateAreLive() {
        state = data;
        assertThat(LiveHostIT.refusing(wipe())).contains("live target");
    }

    @Test
    void hostOnWhichADatabaseRunsIsLive() throws Exception {
        Path program = folder.resolve("mariadbd");
        Files.copy(Path.of("/bin/sh").toRealPath(), program);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Process process =
                new ProcessBuilder(program.toString(), "-c", "printf k && read _").start();
        try {
            assertThat((char) process.getInputStream().read()).isEqualTo('k');
            assertThat(
                            LiveHostIT.refusing(
                                    Guard.ofThisHost(java.time.Duration.ofSeconds(4))
                                            .check(
                                                    new GuardRequest(
                                                            "wipe",
                                                            Target.parse("host"),
                                                            HostView.unconfigured(state)))))
                    .contains("live processes");
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    @Test
    void refusalLeavesTheFolderUnderItsName() throws IOException {
        Files.writeString(data.resolve("notes.txt"), "x");
        var request =
                new GuardRequest(
                        "wipe", Target.parse("path:" + data), HostView.unconfigured(state));
        GuardedAct.Outcome outcome =
                GuardedAct.run(
                        Guard.ofThisHost(),
                        request,
                        (IntentRecorder)
                                (_, _, _) -> {
                                    throw new AssertionError("an intent was recorded");
                                },
                        _ -> {
                            throw new AssertionError("it was done");
                        });
        assertThat(outcome).isInstanceOf(GuardedAct.Outcome.Refused.class);
        assertThat(data.resolve("notes.txt")).exists();
    }

    @Test
    void folderThatComesAliveBetweenTheLooksIsRefusedAndKeepsItsName() {
        var request =
                new GuardRequest(
                        "wipe", Target.parse("path:" + data), HostView.unconfigured(state));
        GuardAnswer cleared = wipe();
        assertThat(cleared.isCleared()).isTrue();
        write(data.resolve("ibdata1"));
        assertThat(Interlock.acquire(request, cleared, _ -> {}))
                .isInstanceOfSatisfying(
                        Interlock.Refused.class,
                        refused ->
                                assertThat(LiveHostIT.refusing(refused.answer()))
                                        .isEqualTo(Set.of("live data-at-rest")));
        assertThat(data.resolve("ibdata1")).exists();
    }

    @Test
    void intentThatCannotBeWrittenStopsTheAct() {
        var request =
                new GuardRequest(
                        "wipe", Target.parse("path:" + data), HostView.unconfigured(state));
        assertThat(
                        org.assertj.core.api.Assertions.catchThrowable(
                                () ->
                                        GuardedAct.run(
                                                Guard.ofThisHost(),
                                                request,
                                                (IntentRecorder)
                                                        (_, _, _) -> {
                                                            throw new IllegalStateException(
                                                                    "disk full");
                                                        },
                                                _ -> {
                                                    throw new AssertionError("it was done");
                                                })))
                .hasMessage("disk full");
        assertThat(data).exists();
    }

    @Test
    void holdThatCannotBeWrittenDownLeavesTheFolderUnderItsName() {
        var request =
                new GuardRequest(
                        "wipe", Target.parse("path:" + data), HostView.unconfigured(state));
        assertThat(
                        org.assertj.core.api.Assertions.catchThrowable(
                                () ->
                                        Interlock.acquire(
                                                request,
                                                wipe(),
                                                _ -> {
                                                    throw new IllegalStateException("disk full");
                                                })))
                .hasMessage("disk full");
        assertThat(data).exists();
    }

    @Test
    void folderLeftHeldIsPutBackUnlessItsNameIsTaken() throws IOException {
        Path held = data.resolveSibling(".backstay-0011223344556677");
        assertThat(Interlock.putBack(data, held)).isEqualTo(Interlock.Leftover.UNDER_ITS_OWN_NAME);

        Files.writeString(data.resolve("row"), "x");
        Files.move(data, held);
        assertThat(Interlock.putBack(data, held)).isEqualTo(Interlock.Leftover.PUT_BACK);
        assertThat(data.resolve("row")).exists();

        Files.move(data, held);
        Files.createDirectory(data);
        assertThat(Interlock.putBack(data, held)).isEqualTo(Interlock.Leftover.NAME_TAKEN);
        assertThat(held.resolve("row")).exists();
        assertThat(data).isEmptyDirectory();

        Files.delete(data);
        Files.delete(held.resolve("row"));
        Files.delete(held);
        assertThat(Interlock.putBack(data, held)).isEqualTo(Interlock.Leftover.GONE);
    }

    @Test
    void folderRecreatedUnderTheOldNameWhileHeldIsInDoubt() {
        var request =
                new GuardRequest(
                        "wipe", Target.parse("path:" + data), HostView.unconfigured(state));
        GuardedAct.Outcome outcome =
                GuardedAct.run(
                        Guard.ofThisHost(),
                        request,
                        (IntentRecorder) (_, _, _) -> {},
                        hold -> {
                            Files.delete(hold.path());
                            Files.createDirectory(data);
                            return true;
                        });
        assertThat(outcome).isInstanceOf(GuardedAct.Outcome.InDoubt.class);
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "x");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
