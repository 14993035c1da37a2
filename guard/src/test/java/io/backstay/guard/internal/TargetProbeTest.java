package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.guard.HostView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetProbeTest {
    @TempDir Path home;
    private Sketch sketch;
    private Path data;

    @BeforeEach
    void draw() throws Exception {
        data = Files.createDirectories(home.toRealPath().resolve("data"));
        sketch = new Sketch(data);
    }

    private List<String> life(String type) throws CannotLookException {
        World world = sketch.worldOn(List.of(new Mount(1, 0, 1, "/", "/", type, "x", "")));
        return new TargetProbe().lifeAt(world.target(), world);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext2", "ext3", "ext4", "xfs", "tmpfs"})
    void fileSystemsWhoseFilesKeepTheirIdentity(String type) throws Exception {
        assertThat(life(type)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "btrfs, a subvolume has another device number in stat than in mounts",
        "overlay, a file's identity changes when it is first written to",
        "zfs, 'its pools, snapshots and clones are not examined'",
        "nfs, who has it open on other hosts is not seen",
        "nfs4, who has it open on other hosts is not seen",
        "cifs, who has it open on other hosts is not seen",
        "smb3, who has it open on other hosts is not seen",
        "ceph, who has it open on other hosts is not seen",
        "glusterfs, who has it open on other hosts is not seen",
        "gfs2, who has it open on other hosts is not seen",
        "ocfs2, who has it open on other hosts is not seen",
        "9p, who has it open on other hosts is not seen",
        "virtiofs, who has it open on other hosts is not seen",
        "fuse, what its program holds of a file is not seen",
        "fuse.sshfs, what its program holds of a file is not seen",
        "fuseblk, what its program holds of a file is not seen",
        "f2fs, nobody has tried whether its files keep one identity"
    })
    void othersAreBlindByName(String type, String why) {
        assertThatThrownBy(() -> life(type))
                .isInstanceOf(CannotLookException.class)
                .hasMessage("file system %s makes the guard blind: %s", type, why);
    }

    @Test
    void folderOnNoMountIsBlind() throws Exception {
        World world = sketch.worldOn(List.of());
        assertThatThrownBy(() -> new TargetProbe().lifeAt(world.target(), world))
                .hasMessageContaining("file system unknown makes the guard blind");
    }

    @Test
    void folderThatHoldsTheGuardsOwnStateIsLife() throws Exception {
        Path state = data.resolve("state");
        sketch.view = HostView.unconfigured(state);
        assertThat(life("ext4")).isEmpty();
        Files.createDirectory(state);
        assertThat(life("ext4")).containsExactly("the guard's own state lies in it: " + state);
        Path link = Files.createSymbolicLink(data.resolveSibling("link"), state);
        sketch.view = HostView.unconfigured(link);
        assertThat(life("ext4")).hasSize(1);
    }

    @Test
    void folderUnderAnotherNameIsBlind() throws Exception {
        Path link = Files.createSymbolicLink(home.toRealPath().resolve("link"), home.toRealPath());
        var other = new Sketch(link.resolve("data"));
        World world = other.worldOn(List.of(new Mount(1, 0, 1, "/", "/", "ext4", "x", "")));
        assertThatThrownBy(() -> new TargetProbe().lifeAt(world.target(), world))
                .hasMessage("%s is really %s", link.resolve("data"), data);
    }

    @Test
    void folderThatIsGoneIsBlind() throws Exception {
        World world = sketch.worldOn(List.of(new Mount(1, 0, 1, "/", "/", "ext4", "x", "")));
        Files.delete(data);
        assertThatThrownBy(() -> new TargetProbe().lifeAt(world.target(), world))
                .isInstanceOf(CannotLookException.class)
                .hasMessageContaining("cannot be resolved");
    }

    @Test
    void whatAMountCoversHasNoNameToBeHeldAgainst() throws Exception {
        World world = sketch.worldOn(List.of());
        Place beneath = Place.beneath(world.target().tree(), "/x");
        assertThat(new TargetProbe().lifeAt(beneath, world)).isEmpty();
    }

    @Test
    void saysWhatItLookedAt() throws Exception {
        FileKey key = FileKey.of(data);
        assertThat(new TargetProbe().name()).isEqualTo("target");
        assertThat(new TargetProbe().lookedAt(sketch.world()))
                .isEqualTo(
                        "%s: device %d, inode %d, 1 entries"
                                .formatted(data, key.device(), key.inode()));
    }
}
