package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MountTest {
    // not static: a mutation run would read it once, with the code as it was
    private final List<Mount> mounts =
            Mount.parse(
                    """
                    27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
                    40 27 254:0 /srv/host1/data /mnt/a\\040b rw - ext4 /dev/vda rw
                    41 27 0:50 / /srv/host2 rw - tmpfs tmpfs rw
                    """);
    private static final long DISK = FileKey.device(254, 0);

    @Test
    void bindMountedNameLeadsToTheNameInsideTheFileSystem() {
        assertThat(Mount.inside(mounts, "/mnt/a b/ibdata1", DISK))
                .contains("/srv/host1/data/ibdata1");
        assertThat(Mount.inside(mounts, "/srv/host1/data", DISK)).contains("/srv/host1/data");
    }

    @Test
    void laterMountHidesTheOneBefore() {
        assertThat(Mount.of(mounts, "/srv/host2/x"))
                .hasValueSatisfying(mount -> assertThat(mount.type()).isEqualTo("tmpfs"));
    }

    @Test
    void neighbourWithTheSamePrefixIsNotBelow() {
        assertThat(Mount.isAtOrBelow("/srv/host10", "/srv/host1")).isFalse();
        assertThat(Mount.isAtOrBelow("/srv/host1/x", "/srv/host1")).isTrue();
        assertThat(Mount.isAtOrBelow("/srv/host1", "/srv/host1")).isTrue();
        assertThat(Mount.isAtOrBelow("/x", "/")).isTrue();
    }

    @Test
    void everyFieldOfALineIsRead() {
        assertThat(mounts)
                .containsExactly(
                        new Mount(27, 1, DISK, "/", "/", "ext4", "/dev/vda", "rw"),
                        new Mount(
                                40,
                                27,
                                DISK,
                                "/srv/host1/data",
                                "/mnt/a b",
                                "ext4",
                                "/dev/vda",
                                "rw"),
                        new Mount(
                                41,
                                27,
                                FileKey.device(0, 50),
                                "/",
                                "/srv/host2",
                                "tmpfs",
                                "tmpfs",
                                "rw"));
        assertThat(Mount.parse("\n5 1 0:3 / /x rw shared:1 master:2 - tmpfs none\n"))
                .containsExactly(
                        new Mount(5, 1, FileKey.device(0, 3), "/", "/x", "tmpfs", "none", ""));
    }

    @Test
    void ofTwoMountsAtOnePlaceTheLaterCounts() {
        List<Mount> twice =
                Mount.parse(
                        """
                        1 0 8:1 / / rw - ext4 a rw
                        2 1 8:1 /one /x rw - ext4 a rw
                        3 2 8:1 /two /x rw - ext4 a rw
                        4 1 8:1 /three /x/y rw - ext4 a rw
                        """);
        long device = FileKey.device(8, 1);
        assertThat(Mount.of(twice, "/x/f")).map(Mount::id).contains(3);
        assertThat(Mount.of(twice, "/x/y/f")).map(Mount::id).contains(4);
        assertThat(Mount.of(twice, "/f")).map(Mount::id).contains(1);
        assertThat(Mount.of(List.of(), "/f")).isEmpty();
        assertThat(Mount.inside(twice, "/x/f", device)).contains("/two/f");
        assertThat(Mount.inside(twice, "/x/y/f", device)).contains("/three/f");
        assertThat(Mount.inside(twice, "/f", device)).contains("/f");
        assertThat(Mount.inside(twice, "/", device)).contains("/");
        assertThat(Mount.inside(twice, "/f", device + 1)).isEmpty();
    }

    /// The kernel's word for a name that leads nowhere from here; it may well be ours.
    @Test
    void nameWithoutASlashIsBelowTheRoot() {
        assertThat(Mount.isAtOrBelow("(unreachable)/x", "/")).isTrue();
        assertThat(Mount.inside(mounts, "(unreachable)/x", DISK)).contains("/(unreachable)/x");
    }

    @Test
    void longerMountPointCountsWhicheverComesFirst() {
        List<Mount> longerFirst =
                Mount.parse(
                        """
                        2 1 8:1 /one /x rw - ext4 a rw
                        1 0 8:1 / / rw - ext4 a rw
                        """);
        long device = FileKey.device(8, 1);
        assertThat(Mount.of(longerFirst, "/x/f")).map(Mount::id).contains(2);
        assertThat(Mount.inside(longerFirst, "/x/f", device)).contains("/one/f");
        assertThat(Mount.inside(longerFirst, "/f", device)).contains("/f");
    }

    @Test
    void namesAreJoinedWithoutDoubleSlashes() {
        assertThat(Mount.join("/", "")).isEqualTo("/");
        assertThat(Mount.join("/", "/x")).isEqualTo("/x");
        assertThat(Mount.join("/", "x")).isEqualTo("/x");
        assertThat(Mount.join("/a", "")).isEqualTo("/a");
        assertThat(Mount.join("/a", "/x")).isEqualTo("/a/x");
        assertThat(Mount.isAtOrBelow("/a/x", "/a/")).isTrue();
        assertThat(Mount.isAtOrBelow("/ax", "/a/")).isFalse();
    }

    @Test
    void escapesOfTheKernelAreUndone() {
        assertThat(Mount.unescape("/plain")).isEqualTo("/plain");
        assertThat(Mount.unescape("a\\040b\\011c")).isEqualTo("a b\tc");
        assertThat(Mount.unescape("\\134")).isEqualTo("\\");
        assertThat(Mount.unescape("a\\04")).isEqualTo("a\\04");
    }

    @Test
    void layersOfAnOverlayAreFolders() {
        assertThat(
                        layers(
                                "overlay",
                                "none",
                                "rw,lowerdir=/a\\:b:/c,upperdir=/u,workdir=/w,xino=/x"))
                .containsExactly("/a:b", "/c", "/u", "/w");
        assertThat(layers("overlay", "none", "lowerdir+=/a,lowerdir+=/b"))
                .containsExactly("/a", "/b");
        assertThat(layers("overlay", "none", "rw,=lowerdir")).isEmpty();
        assertThat(layers("fuse.bindfs", "/srv/x", "lowerdir=/a")).containsExactly("/srv/x");
        assertThat(layers("tmpfs", "none", "")).isEmpty();
    }

    private static List<String> layers(String type, String source, String options) {
        return new Mount(1, 0, 1, "/", "/m", type, source, options).folders();
    }

    @Test
    void folderOfTheKernelsOwnIsOfItsType() {
        assertThatThrownBy(() -> Mount.requireType(mounts, "/srv/host2/x", "ext4"))
                .isInstanceOf(CannotLookException.class)
                .hasMessage(
                        "/srv/host2/x is not the kernel's: expected a mount of type ext4 there,"
                                + " found tmpfs");
        assertThatThrownBy(() -> Mount.requireType(List.of(), "/x", "ext4"))
                .hasMessageContaining("found nothing");
    }

    @Test
    void descriptorFromAnotherNamespaceIsNamedByItsOwnMount() throws Exception {
        var other = new Mount(90, 1, DISK, "/srv", "/elsewhere", "ext4", "x", "");
        var names = new MountNames(mounts, java.util.Map.of(90, other));
        assertThat(names.inside(held("/elsewhere/f", 90, true), DISK)).contains("/srv/f");
        assertThat(names.inside(held("/srv/f", -1, true), DISK)).contains("/srv/f");
        assertThat(names.inside(held("/srv/f", 90, false), DISK)).isEmpty();
        assertThat(names.inside(held("/srv/f", 91, false), DISK)).isEmpty();
        assertThat(names.inside(held("/srv/f", 91, true), DISK + 1)).isEmpty();
        assertThatThrownBy(() -> names.inside(held("/srv/f", 91, true), DISK))
                .isInstanceOf(CannotLookException.class)
                .hasMessage("where a deleted file of this file system lay is not seen: /srv/f");
    }

    private static ProcessFacts.Held held(String text, int mount, boolean deleted) {
        return new ProcessFacts.Held(
                ProcessFacts.How.OPEN, new FileKey(DISK, 5), text, deleted, 3, mount, 0);
    }

    @Test
    void programOfAContainerMayHaveANameThatOnlyItsLayersKnow() throws Exception {
        List<Mount> layered = List.of(new Mount(1, 0, 77, "/", "/", "overlay", "overlay", ""));
        assertThat(MountNames.of(layered).inside(held("/bin/x", -1, true), DISK)).isEmpty();
        var below = List.of(new Mount(1, 0, 77, "/", "/x", "overlay", "overlay", ""));
        assertThatThrownBy(() -> MountNames.of(below).inside(held("/bin/x", -1, true), DISK))
                .isInstanceOf(CannotLookException.class);
        assertThatThrownBy(() -> MountNames.of(layered).inside(held("/bin/x", 5, true), DISK))
                .isInstanceOf(CannotLookException.class);
    }
}
