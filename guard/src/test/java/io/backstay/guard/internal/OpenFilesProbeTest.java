package io.backstay.guard.internal;

import static io.backstay.guard.internal.Sketch.elsewhere;
import static io.backstay.guard.internal.Sketch.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.kernel.Descriptor;
import io.backstay.guard.internal.ProcessFacts.Held;
import io.backstay.guard.internal.ProcessFacts.How;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesProbeTest {
    private static final int NOBODY = 4_000_000;

    @TempDir Path home;
    private Sketch sketch;
    private Path data;

    @BeforeEach
    void draw() throws Exception {
        data = Files.createDirectories(home.toRealPath().resolve("data"));
        sketch = new Sketch(data);
        sketch.mounts.put(Sketch.MOUNTS, Mount.own());
    }

    private List<String> life() throws CannotLookException {
        return seen(new OpenFilesProbe(), sketch);
    }

    @Test
    void everyWayOfHoldingIsNamed() throws Exception {
        sketch.process(
                NOBODY,
                List.of(),
                sketch.held(How.OPEN, "a", true),
                sketch.held(How.REGISTERED, "b", false),
                sketch.held(How.MAPPED, "c", true),
                sketch.held(How.WORKING_DIRECTORY, ".", false),
                sketch.held(How.ROOT, ".", false),
                sketch.held(How.PROGRAM, "d", false));
        assertThat(life())
                .containsExactly(
                        "process 4000000 (some) holds 6 things, 2 of them deleted: a, b (registered"
                                + " with an io_uring), c (mapped), working directory "
                                + data
                                + ", root "
                                + data
                                + ", program d");
    }

    @Test
    void sixNamesAreShown() throws Exception {
        var held = new ArrayList<Held>();
        for (int i = 0; i < 7; i++) {
            held.add(sketch.held(How.OPEN, "f" + i, false));
        }
        sketch.process(NOBODY, List.of(), held.toArray(Held[]::new));
        assertThat(life().getFirst())
                .endsWith("holds 7 things, 0 of them deleted: f0, f1, f2, f3, f4, f5, ...");
    }

    @Test
    void whatIsElsewhereIsNoLifeAndWhatIsUnreadIsBlind() throws Exception {
        sketch.process(NOBODY, List.of(), elsewhere(How.OPEN, "/x"));
        assertThat(life()).isEmpty();
        sketch.unread.add("process 7 fd: permission denied");
        assertThat(life()).singleElement().asString().startsWith("BLIND 1 processes");
        sketch.process(NOBODY, List.of(), sketch.held(How.OPEN, "a", false));
        assertThat(life()).singleElement().asString().startsWith("process 4000000");
    }

    /// Only the very descriptor of this very process is the interlock's own.
    @Test
    void theInterlocksOwnLockIsNoUser() throws Exception {
        Path file = Files.writeString(data.resolve("f"), "x");
        FileKey key = FileKey.of(file);
        int own = (int) ProcessHandle.current().pid();
        try (Descriptor lock = Descriptor.openToLook(file)) {
            sketch.process(
                    own, List.of(), new Held(How.OPEN, key, file.toString(), false, lock.number()));
            assertThat(under(lock, key)).isEmpty();
            sketch.process(
                    own,
                    List.of(),
                    new Held(How.OPEN, key, file.toString(), false, lock.number() + 1));
            assertThat(under(lock, key)).hasSize(1);
            sketch.processes.clear();
            sketch.process(
                    NOBODY,
                    List.of(),
                    new Held(How.OPEN, key, file.toString(), false, lock.number()));
            assertThat(under(lock, key)).hasSize(1);
        }
    }

    private List<String> under(Descriptor lock, FileKey key) throws CannotLookException {
        World world = sketch.world();
        return new OpenFilesProbe()
                .life(
                        new World(
                                world.request(),
                                world.target(),
                                Optional.empty(),
                                world.table(),
                                null,
                                Map.of(key, lock),
                                Map.of()));
    }

    /// What a mount covers is looked at as well, and said to be beneath it.
    @Test
    void bothPlacesAreLookedAt() throws Exception {
        Path other = Files.createDirectories(data.resolveSibling("other"));
        Place beneath = Place.beneath(Tree.walk(other), new Sketch(other).inside());
        var held = new Held(How.OPEN, FileKey.of(other), other.toString(), false, -1);
        sketch.process(NOBODY, List.of(), held);
        World world = sketch.world();
        assertThat(new OpenFilesProbe().life(world)).isEmpty();
        assertThat(
                        new OpenFilesProbe()
                                .life(
                                        new World(
                                                world.request(),
                                                world.target(),
                                                Optional.of(beneath),
                                                world.table(),
                                                null,
                                                Map.of(),
                                                Map.of())))
                .singleElement()
                .asString()
                .startsWith("beneath the mount: process 4000000 (some) holds 1 things");
    }

    @Test
    void saysWhatItLookedAt() throws Exception {
        sketch.process(NOBODY, List.of());
        sketch.listeners.add(new Listener(Sketch.NETWORK, false, "*", 1, 2));
        assertThat(new OpenFilesProbe().name()).isEqualTo("open-files");
        assertThat(new OpenFilesProbe().lookedAt(sketch.world()))
                .isEqualTo("1 processes in 1 mount namespaces, 1 listening sockets");
        assertThat(new OpenFilesProbe().notSeen(sketch.world())).isEmpty();
        sketch.excused = Optional.of("p");
        assertThat(new OpenFilesProbe().notSeen(sketch.world())).hasSize(1);
    }
}
