package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MountTest {
    private static final List<Mount> MOUNTS =
            Mount.parse(
                    """
                    27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
                    40 27 254:0 /srv/host1/data /mnt/a\\040b rw - ext4 /dev/vda rw
                    41 27 0:50 / /srv/host2 rw - tmpfs tmpfs rw
                    """);
    private static final long DISK = FileKey.device(254, 0);

    @Test
    void bindMountedNameLeadsToTheNameInsideTheFileSystem() {
        assertThat(Mount.inside(MOUNTS, "/mnt/a b/ibdata1", DISK))
                .contains("/srv/host1/data/ibdata1");
        assertThat(Mount.inside(MOUNTS, "/srv/host1/data", DISK)).contains("/srv/host1/data");
    }

    @Test
    void laterMountHidesTheOneBefore() {
        assertThat(Mount.of(MOUNTS, "/srv/host2/x"))
                .hasValueSatisfying(mount -> assertThat(mount.type()).isEqualTo("tmpfs"));
    }

    @Test
    void neighbourWithTheSamePrefixIsNotBelow() {
        assertThat(Mount.isAtOrBelow("/srv/host10", "/srv/host1")).isFalse();
        assertThat(Mount.isAtOrBelow("/srv/host1/x", "/srv/host1")).isTrue();
        assertThat(Mount.isAtOrBelow("/srv/host1", "/srv/host1")).isTrue();
        assertThat(Mount.isAtOrBelow("/x", "/")).isTrue();
    }
}
