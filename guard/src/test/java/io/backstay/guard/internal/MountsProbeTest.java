package io.backstay.guard.internal;

import static io.backstay.guard.internal.Sketch.seen;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsProbeTest {
    @TempDir Path home;
    private Sketch sketch;
    private Path data;
    private long device;
    private String inside;

    @BeforeEach
    void draw() throws Exception {
        data = Files.createDirectories(home.toRealPath().resolve("data"));
        sketch = new Sketch(data);
        device = sketch.device();
        inside = sketch.inside();
    }

    private List<String> life(Mount... mounts) throws CannotLookException {
        sketch.mounts.put(Sketch.MOUNTS, List.of(mounts));
        return seen(new MountsProbe(), sketch);
    }

    /// The target's file system, as another namespace has it.
    private Mount parent(String root, String point) {
        return new Mount(10, 1, device, root, point, "ext4", "/dev/x", "");
    }

    private static Mount child(int parent, String point) {
        return new Mount(11, parent, 99, "/", point, "tmpfs", "none", "");
    }

    @Test
    void mountOnOrBelowIsLifeUnderWhateverNameItIsThere() throws Exception {
        assertThat(life(parent("/", "/"), child(10, inside)))
                .containsExactly("tmpfs is mounted on " + inside + " in " + Sketch.MOUNTS);
        assertThat(life(parent("/", "/"), child(10, inside + "/below"))).hasSize(1);
        assertThat(life(parent("/", "/mnt"), child(10, "/mnt" + inside))).hasSize(1);
    }

    @Test
    void mountBesideOrAboveIsNoLife() throws Exception {
        assertThat(life(parent("/", "/"), child(10, inside + "0"))).isEmpty();
        assertThat(life(parent("/", "/"), child(10, Path.of(inside).getParent().toString())))
                .isEmpty();
        assertThat(life(parent("/", "/"), child(12, inside))).isEmpty();
        assertThat(life(parent("/", "/other"), child(10, inside))).isEmpty();
        assertThat(life(parent(inside, "/x"), child(10, "/"))).isNotEmpty();
        assertThat(
                        life(
                                new Mount(10, 1, device + 1, "/", "/", "ext4", "/dev/x", ""),
                                child(10, inside)))
                .isEmpty();
    }

    @Test
    void mountThatIsNotBelowItsParentIsNoLife() throws Exception {
        assertThat(life(parent("/", "/mnt"), child(10, "/x"))).isEmpty();
        var whole = new Place(sketch.place().tree(), "/", java.util.Set.of(), "");
        assertThat(at(whole, parent("/", "/"), child(10, "/")))
                .noneMatch(said -> said.startsWith("tmpfs"));
    }

    @Test
    void folderOfTheTargetThatIsMountedElsewhereIsLife() throws Exception {
        assertThat(life(parent(inside, "/mnt")))
                .containsExactly(inside + " of it is mounted at /mnt in " + Sketch.MOUNTS);
        assertThat(life(parent(inside + "/x", "/mnt"))).hasSize(1);
        assertThat(life(parent(inside + "0", "/mnt"))).isEmpty();
        assertThat(life(new Mount(10, 1, device + 1, inside, "/mnt", "ext4", "/dev/x", "")))
                .isEmpty();
    }

    @Test
    void layerOfAnOverlayIsLife() throws Exception {
        String options = "lowerdir=/nowhere:%s/l,upperdir=/u,workdir=/w".formatted(inside);
        assertThat(
                        life(
                                parent("/", "/"),
                                new Mount(11, 10, 99, "/", "/merged", "overlay", "none", options)))
                .containsExactly("overlay at /merged shows " + inside + "/l in " + Sketch.MOUNTS);
        assertThat(
                        life(
                                parent("/", "/"),
                                new Mount(11, 10, 99, "/", "/m", "overlay", "none", "lowerdir=/n")))
                .isEmpty();
        assertThat(life(parent("/", "/"), new Mount(11, 10, 99, "/", "/m", "fuse", inside, "")))
                .hasSize(1);
    }

    @Test
    void otherFileSystemBelowIsLife() throws Exception {
        sketch.more = List.of(sketch.entry("sub", Tree.Kind.MOUNTED, 1));
        assertThat(life()).containsExactly("sub is another file system");
    }

    /// Only the one mount that is the target is no sign of life: the same file system, as a whole,
    /// at the very place.
    @Test
    void mountThatIsTheTargetIsItsOwn() throws Exception {
        Place place = sketch.place();
        var whole = new Place(place.tree(), "/", place.addresses(), place.where());
        assertThat(at(whole, new Mount(10, 1, device, "/", data + "", "ext4", "/dev/x", "")))
                .isEmpty();
        assertThat(at(whole, new Mount(10, 1, device, "/", "/mnt", "ext4", "/dev/x", "")))
                .hasSize(1);
        assertThat(at(whole, new Mount(10, 1, device, "/x", data + "", "ext4", "/dev/x", "")))
                .hasSize(1);
        assertThat(at(place, new Mount(10, 1, device, inside, data + "", "ext4", "/dev/x", "")))
                .hasSize(1);
    }

    private List<String> at(Place place, Mount... mounts) throws CannotLookException {
        sketch.mounts.put(Sketch.MOUNTS, List.of(mounts));
        World world = sketch.world();
        var other =
                new World(
                        world.request(),
                        place,
                        world.beneath(),
                        world.table(),
                        null,
                        world.held(),
                        world.leases());
        return new MountsProbe().lifeAt(place, other);
    }

    @Test
    void whatIsUnreadIsBlind() throws Exception {
        sketch.unread.add("process 7 mountinfo: permission denied");
        assertThat(life()).singleElement().asString().startsWith("BLIND 1 processes");
        assertThat(life(parent(inside, "/mnt"))).singleElement().asString().startsWith(inside);
    }

    @Test
    void saysWhatItLookedAt() throws Exception {
        life(parent("/", "/"), child(10, "/x"));
        var probe = new MountsProbe();
        assertThat(probe.name()).isEqualTo("mounts");
        assertThat(probe.lookedAt(sketch.world())).isEqualTo("2 mounts in 1 mount namespaces");
        assertThat(probe.notSeen(sketch.world()))
                .containsExactly("mount namespaces in which no process lives");
    }
}
