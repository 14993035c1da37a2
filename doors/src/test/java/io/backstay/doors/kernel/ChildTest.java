package io.backstay.doors.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Map<String, String> PATH =
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "ONE", "a b");

    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void file() throws IOException {
        file = Files.writeString(folder.resolve("ibdata1"), "x");
    }

    private static Child start(List<Descriptor> descriptors, String... command) {
        return new ChildPlan(List.of(command), PATH, descriptors, ChildPlan.Streams.NONE).start();
    }

    @Test
    void lockLivesAsLongAsTheChildThatInheritedIt() {
        Child child;
        try (var look = Descriptor.openToLook(file)) {
            try (var lock = Descriptor.openToLock(file)) {
                assertThat(lock.tryLock()).isTrue();
                child = start(List.of(lock), "sleep", "600");
                assertThat(child.holdsAll()).isTrue();
            }
            assertThat(look.isLockedElsewhere()).isTrue();
            assertThat(child.signal(ProcessIdentity.Signal.KILL)).isTrue();
            assertThat(child.await(LONG)).hasValue(137);
            assertThat(look.isLockedElsewhere()).isFalse();
            assertThat(child.holdsAll()).isFalse();
        }
    }

    @Test
    void manyDescriptorsArriveInTheirOrder() throws IOException {
        var descriptors = new java.util.ArrayList<Descriptor>();
        for (int i = 0; i < 700; i++) {
            descriptors.add(Descriptor.openToLock(Files.writeString(folder.resolve("t" + i), "x")));
            assertThat(descriptors.getLast().tryLock()).isTrue();
        }
        Child child = start(descriptors, "sleep", "600");
        assertThat(child.holdsAll()).isTrue();
        assertThat(Files.readSymbolicLink(Path.of("/proc/" + child.pid() + "/fd/999")))
                .isEqualTo(folder.toRealPath().resolve("t699"));
        child.signal(ProcessIdentity.Signal.KILL);
        child.await(LONG);
        descriptors.forEach(Descriptor::close);
    }

    @Test
    void childGetsNothingElse() throws IOException {
        try (var lock = Descriptor.openToLock(file);
                var other = Files.newInputStream(file)) {
            Child child = start(List.of(lock), "sleep", "600");
            try (var entries = Files.newDirectoryStream(Path.of("/proc/" + child.pid() + "/fd"))) {
                assertThat(entries)
                        .map(entry -> String.valueOf(entry.getFileName()))
                        .containsExactlyInAnyOrder("0", "1", "2", "300");
            }
            assertThat(other.read()).isEqualTo('x');
            child.signal(ProcessIdentity.Signal.KILL);
            child.await(LONG);
        }
    }

    @Test
    void argumentsAndEnvironmentArriveAsTheyWereWritten() throws IOException {
        Path said = folder.resolve("said");
        Child child =
                start(
                        List.of(),
                        "sh",
                        "-c",
                        "printf '%s|' \"$ONE\" \"$@\" >'" + said + "'; env | grep -c ONE",
                        "sh",
                        "* $HOME `id`",
                        "",
                        "\n'\"");
        assertThat(child.await(LONG)).hasValue(0);
        assertThat(said).hasContent("a b|* $HOME `id`||\n'\"|");
    }

    @Test
    void childThatClosesWhatItInheritedIsSeen() throws IOException {
        try (var lock = Descriptor.openToLock(file)) {
            assertThat(lock.tryLock()).isTrue();
            Path closed = folder.resolve("closed");
            Child child =
                    start(
                            List.of(lock),
                            "bash",
                            "-c",
                            "exec 300>&-; touch " + closed + "; sleep 600");
            while (Files.notExists(closed)) {
                Thread.onSpinWait();
            }
            assertThat(child.holdsAll()).isFalse();
            child.signal(ProcessIdentity.Signal.KILL);
            child.await(LONG);
        }
    }

    @Test
    void childHearsTheSignalsThatJavaBlocks() throws IOException {
        Child child = start(List.of(), "sleep", "600");
        assertThat(Files.readAllLines(Path.of("/proc/" + child.pid() + "/status")))
                .contains("SigBlk:\t0000000000000000");
        child.signal(ProcessIdentity.Signal.TERM);
        assertThat(child.await(LONG)).hasValue(143);
        assertThat(child.signal(ProcessIdentity.Signal.TERM)).isFalse();
    }

    @Test
    void programThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> start(List.of(), "no-such-program"))
                .isInstanceOfSatisfying(
                        KernelRefusedException.class,
                        e -> assertThat(e.errno()).isEqualTo(KernelRefusedException.ENOENT));
    }

    @Test
    void argumentThatWouldArriveAsAnotherIsRefused() {
        assertThatThrownBy(() -> start(List.of(), "true", "caf\ufffd"))
                .hasMessageContaining("byte by byte");
    }
}
