package io.backstay.guard.internal;

import static io.backstay.guard.internal.Sketch.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.guard.internal.Tree.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataAtRestProbeTest {
    @TempDir Path home;
    private Sketch sketch;
    private Path data;

    @BeforeEach
    void draw() throws Exception {
        data = Files.createDirectories(home.toRealPath().resolve("data"));
        sketch = new Sketch(data);
    }

    private List<String> life() throws CannotLookException {
        return seen(new DataAtRestProbe(), sketch);
    }

    @Test
    void foldersAloneAreNothingButOneIsTheServersOwn() throws Exception {
        Files.createDirectories(data.resolve("a/b"));
        assertThat(life()).isEmpty();
        Files.createDirectories(data.resolve("a/#innodb_redo"));
        assertThat(life()).containsExactly("data: a/#innodb_redo");
    }

    @Test
    void eachKindOfEntryIsSaid() throws Exception {
        sketch.more =
                List.of(
                        sketch.entry("twice", Kind.FILE, 2),
                        sketch.entry("ibdata1", Kind.FILE, 1),
                        sketch.entry("notes", Kind.FILE, 1),
                        sketch.entry("link", Kind.LINK, 1),
                        sketch.entry("sock", Kind.SOCKET, 1),
                        sketch.entry("pipe", Kind.OTHER, 1),
                        sketch.entry("mnt", Kind.MOUNTED, 1));
        assertThat(life())
                .containsExactly(
                        "data: ibdata1",
                        "not known to be disposable: notes, sock (a socket), pipe (a device or"
                                + " pipe), mnt (another file system)",
                        "reaches out of the folder: twice has 2 names, link is a symbolic link");
    }

    @Test
    void disposableNameIsNothingUnlessItsContentIsKnown() throws Exception {
        sketch.view = sketch.view.withDisposable(Set.of("notes", "ibdata1"));
        Files.writeString(data.resolve("notes"), "x");
        assertThat(life()).isEmpty();
        Files.writeString(data.resolve("notes"), "-- MyDumper");
        assertThat(life()).containsExactly("data: notes, which holds a dump");
        Files.delete(data.resolve("notes"));
        Files.createFile(data.resolve("ibdata1"));
        assertThat(life()).containsExactly("data: ibdata1");
    }

    @Test
    void eightNamesAreShown() throws Exception {
        var many = new ArrayList<Tree.Entry>();
        for (int i = 0; i < 8; i++) {
            many.add(sketch.entry("f" + i, Kind.FILE, 1));
        }
        sketch.more = many;
        assertThat(life().getFirst()).endsWith(": f0, f1, f2, f3, f4, f5, f6, f7");
        many.add(sketch.entry("f8", Kind.FILE, 1));
        assertThat(life().getFirst()).endsWith("f6, f7 and 1 more");
    }

    @Test
    void saysWhatItLookedAt() throws Exception {
        Files.createDirectories(data.resolve("a"));
        assertThat(new DataAtRestProbe().name()).isEqualTo("data-at-rest");
        assertThat(new DataAtRestProbe().lookedAt(sketch.world())).isEqualTo("2 entries");
    }
}
