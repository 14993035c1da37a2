package io.backstay.guard.internal;

import static io.backstay.guard.internal.Sketch.elsewhere;
import static io.backstay.guard.internal.Sketch.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.guard.internal.ProcessFacts.How;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesProbeTest {
    private static final int NOBODY = 4_000_000;
    private static final int OWN = (int) ProcessHandle.current().pid();
    private static final int PARENT = (int) ProcessHandle.current().parent().orElseThrow().pid();

    @TempDir Path home;
    private Path data;
    private Sketch sketch;

    @BeforeEach
    void draw() throws Exception {
        data = Files.createDirectories(home.toRealPath().resolve("data"));
        sketch = new Sketch(data);
        sketch.mounts.put(Sketch.MOUNTS, Mount.own());
    }

    private List<String> life() throws CannotLookException {
        return seen(new ProcessesProbe(), sketch);
    }

    @Test
    void nobodyIsSeenWhereNobodyIs() throws Exception {
        sketch.process(NOBODY, List.of("sleep", "--datadir=/elsewhere", data + "", "datadir"));
        assertThat(life()).isEmpty();
    }

    @Test
    void optionThatNamesTheFolderIsLife() throws Exception {
        for (List<String> args :
                List.of(
                        List.of("x", "--datadir=" + data),
                        List.of("x", "--datadir=" + data + "/not/there/yet"),
                        List.of("x", "--log_bin", data + "/binlog"),
                        List.of("x", "--Tmpdir=" + data),
                        List.of("mysqld", "-h", data + ""),
                        List.of("/usr/bin/mariadbd", "-h" + data),
                        List.of("postgres", "-D", data + ""),
                        List.of("postgres", "-D" + data))) {
            sketch.processes.clear();
            sketch.process(NOBODY, args);
            assertThat(life())
                    .as(args.toString())
                    .containsExactly("process 4000000 (some) was started with " + args.get(1));
        }
    }

    @Test
    void whatOnlyLooksLikeIt() throws Exception {
        for (List<String> args :
                List.of(
                        List.of("x", "-h", data + ""),
                        List.of("x", "-h" + data),
                        List.of("mysqld", "-x" + data),
                        List.of("x", "--datadir"),
                        List.of("x", "--datadir="),
                        List.of("x", "--other=" + data),
                        List.of("x", "--datadir=" + data + "0"))) {
            sketch.processes.clear();
            sketch.process(NOBODY, args);
            assertThat(life()).as(args.toString()).isEmpty();
        }
    }

    @Test
    void relativeNameIsSeenFromItsWorkingDirectory() throws Exception {
        sketch.process(
                NOBODY,
                List.of("x", "--datadir=data/below"),
                elsewhere(How.WORKING_DIRECTORY, data.getParent().toString()));
        assertThat(life()).hasSize(1);
        sketch.processes.clear();
        sketch.process(
                NOBODY,
                List.of("x", "--datadir=data/below"),
                elsewhere(How.OPEN, data.getParent().toString()));
        assertThat(life()).isEmpty();
    }

    @Test
    void nameThatLeadsThereThroughALinkIsLife() throws Exception {
        Path link = Files.createSymbolicLink(data.resolveSibling("link"), data.getParent());
        sketch.process(OWN, List.of("x", "--datadir=" + link + "/data"));
        assertThat(life()).hasSize(1);
    }

    @Test
    void scriptThatAsksIsNoUser() throws Exception {
        sketch.process(PARENT, List.of("sh", "wipe.sh", "--datadir=" + data));
        assertThat(life()).isEmpty();
        sketch.processes.clear();
        sketch.process(PARENT, List.of("mysqld", "--datadir=" + data));
        assertThat(life()).hasSize(1);
    }

    @Test
    void whoeverStartedTheScriptIsNoUserEither() throws Exception {
        var at = ProcessHandle.current().parent();
        while (at.isPresent()) {
            sketch.process((int) at.get().pid(), List.of("sh", "--datadir=" + data));
            at = at.get().parent();
        }
        assertThat(life()).isEmpty();
    }

    @Test
    void emptyNameIsNoNameWhereverItsProcessStands() throws Exception {
        sketch.process(
                NOBODY,
                List.of("x", "--datadir="),
                elsewhere(How.WORKING_DIRECTORY, data.toString()));
        assertThat(life()).isEmpty();
    }

    @Test
    void absoluteNameDoesNotDependOnWhereItsProcessStands() throws Exception {
        sketch.process(
                NOBODY,
                List.of("x", "--datadir=" + data + "/not/yet"),
                elsewhere(How.WORKING_DIRECTORY, "/tmp"));
        assertThat(life()).hasSize(1);
    }

    /// Links are followed as that process would follow them.
    @Test
    void relativeNameLeadsThereThroughALink() throws Exception {
        Files.createSymbolicLink(data.resolveSibling("link"), data);
        Process process =
                new ProcessBuilder("sh", "-c", "echo; read _")
                        .directory(data.getParent().toFile())
                        .start();
        try {
            assertThat(process.getInputStream().read()).isEqualTo('\n');
            sketch.process((int) process.pid(), List.of("x", "--datadir=link"));
            assertThat(life()).hasSize(1);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void serverWhoseDataIsNotSeenIsBlind() throws Exception {
        var program = elsewhere(How.PROGRAM, "/usr/sbin/mariadbd");
        sketch.process(NOBODY, List.of("mariadbd"), program);
        assertThat(life())
                .containsExactly(
                        "BLIND process 4000000 (some) is a database server, and where its data"
                                + " lies is not seen");
        for (var placed :
                List.of(
                        Sketch.process(NOBODY, List.of(), Set.of(), List.of("fd"), program),
                        Sketch.process(
                                NOBODY, List.of("m", "--datadir=/x"), Set.of(), List.of(), program),
                        Sketch.process(
                                NOBODY, List.of("m", "-h", "/x"), Set.of(), List.of(), program),
                        Sketch.process(OWN, List.of("m"), Set.of(), List.of(), program),
                        Sketch.process(
                                NOBODY,
                                List.of("m"),
                                Set.of(),
                                List.of(),
                                program,
                                elsewhere(How.OPEN, "/x/ibdata1")))) {
            sketch.processes.clear();
            sketch.processes.add(placed);
            assertThat(life()).as(placed.toString()).isEmpty();
        }
    }

    @Test
    void lifeCountsMoreThanWhatIsNotSeen() throws Exception {
        sketch.unread.add("process 7 fd: permission denied");
        assertThat(life())
                .containsExactly(
                        "BLIND 1 processes could not be read, one of them: process 7 fd:"
                                + " permission denied");
        sketch.process(NOBODY, List.of("m"), elsewhere(How.PROGRAM, "/usr/sbin/mariadbd"));
        sketch.process(NOBODY, List.of("x", "--datadir=" + data));
        assertThat(life())
                .containsExactly("process 4000000 (some) was started with --datadir=" + data);
    }

    @Test
    void saysWhatItLookedAt() throws Exception {
        sketch.process(NOBODY, List.of("x"));
        sketch.excused = java.util.Optional.of("process 1 (init) fd: permission denied");
        World world = sketch.world();
        assertThat(new ProcessesProbe().name()).isEqualTo("processes");
        assertThat(new ProcessesProbe().lookedAt(world)).isEqualTo("arguments of 1 processes");
        assertThat(new ProcessesProbe().notSeen(world))
                .singleElement()
                .asString()
                .startsWith("process 1 (init) fd: permission denied: the machine's first process");
    }
}
