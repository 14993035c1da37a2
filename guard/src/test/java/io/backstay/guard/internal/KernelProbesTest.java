package io.backstay.guard.internal;

import static io.backstay.guard.internal.Sketch.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.kernel.Descriptor;
import io.backstay.guard.internal.ProcessFacts.How;
import io.backstay.guard.internal.Tree.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What asks the kernel itself, on real files and processes. Runs as root.
class KernelProbesTest {
    @TempDir Path home;
    private Sketch sketch;
    private Path data;

    @BeforeEach
    void draw() throws Exception {
        data = Files.createDirectories(home.toRealPath().resolve("data"));
        sketch = new Sketch(data);
    }

    @Test
    void fileThatIsGoneWhenItIsAskedAboutIsBlind() throws Exception {
        sketch.more = List.of(sketch.entry("gone", Kind.FILE, 1));
        for (Probe probe : List.of(new LockProbe(), new OpenCountProbe())) {
            assertThat(seen(probe, sketch)).singleElement().asString().startsWith("BLIND ");
        }
    }

    @Test
    void lockedFileIsNamedAndAFreeOneIsNot() throws Exception {
        Path file = Files.writeString(data.resolve("f"), "x");
        assertThat(seen(new LockProbe(), sketch)).isEmpty();
        try (Descriptor lock = Descriptor.openToLock(file)) {
            assertThat(lock.tryLock()).isTrue();
            assertThat(seen(new LockProbe(), sketch)).containsExactly("f is locked");
            assertThat(new LockProbe().lifeAt(sketch.place(), holding(file, lock))).isEmpty();
        }
        assertThat(new LockProbe().lookedAt(sketch.world())).isEqualTo("locks of 1 files");
        assertThat(new LockProbe().name()).isEqualTo("lock");
    }

    @Test
    void openFilesAreCountedAndSixAreNamed() throws Exception {
        for (int i = 0; i < 7; i++) {
            Files.writeString(data.resolve("f" + i), "x");
        }
        assertThat(seen(new OpenCountProbe(), sketch)).isEmpty();
        try (Descriptor one = Descriptor.openToLook(data.resolve("f0"))) {
            assertThat(one.number()).isNotNegative();
            assertThat(seen(new OpenCountProbe(), sketch))
                    .containsExactly("1 files are open or mapped: f0");
            assertThat(
                            new OpenCountProbe()
                                    .lifeAt(sketch.place(), holding(data.resolve("f0"), one)))
                    .isEmpty();
        }
        var all = new java.util.ArrayDeque<Descriptor>();
        try {
            for (int i = 0; i < 7; i++) {
                all.add(Descriptor.openToLook(data.resolve("f" + i)));
            }
            assertThat(seen(new OpenCountProbe(), sketch))
                    .singleElement()
                    .asString()
                    .startsWith("7 files are open or mapped: f")
                    .endsWith(", ...")
                    .matches("[^f]*files[^f]*(f\\d, ){6}\\.\\.\\.");
        } finally {
            all.forEach(Descriptor::close);
        }
        assertThat(new OpenCountProbe().lookedAt(sketch.world()))
                .isEqualTo("open counts of 7 files");
        assertThat(new OpenCountProbe().name()).isEqualTo("open-count");
    }

    private World holding(Path file, Descriptor descriptor) throws Exception {
        World world = sketch.world();
        return new World(
                world.request(),
                world.target(),
                Optional.empty(),
                world.table(),
                null,
                Map.of(FileKey.of(file), descriptor),
                Map.of());
    }

    @Test
    void processThatHasTheFolderAsItsRootHoldsIt() throws Exception {
        Process process =
                new ProcessBuilder(
                                "perl",
                                "-e",
                                "$| = 1; chroot $ARGV[0] or die; print qq(\\n); <STDIN>",
                                data.toString())
                        .start();
        try {
            assertThat(process.getInputStream().read()).isEqualTo('\n');
            ProcessFacts facts =
                    ProcessReader.read(Path.of("/proc"), (int) process.pid()).getFirst();
            sketch.processes.add(facts);
            assertThat(seen(new OpenFilesProbe(), sketch))
                    .singleElement()
                    .asString()
                    .endsWith("holds 1 things, 0 of them deleted: root " + data);
            assertThat(facts.held()).anyMatch(held -> held.how() == How.ROOT);
            // a name is understood from that root
            Files.createDirectory(data.resolve("below"));
            sketch.processes.clear();
            sketch.process((int) process.pid(), List.of("x", "--datadir=/below"));
            assertThat(seen(new ProcessesProbe(), sketch)).hasSize(1);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
