package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Numbers by the C library's `makedev`.
class FileKeyTest {
    @TempDir Path folder;

    @Test
    void deviceNumbersAreTheCLibrarys() {
        assertThat(FileKey.device(8, 1)).isEqualTo(0x801);
        assertThat(FileKey.device(254, 0)).isEqualTo(0xfe00);
        assertThat(FileKey.device(0, 0x12345)).isEqualTo(0x1230_0045L);
        assertThat(FileKey.device(0x12345, 0)).isEqualTo(0x0001_2000_0003_4500L);
        for (int[] pair : new int[][] {{8, 17}, {0x1abc, 0xfedcb}, {4095, 255}, {4096, 256}}) {
            long device = FileKey.device(pair[0], pair[1]);
            assertThat(FileKey.major(device)).isEqualTo(pair[0]);
            assertThat(FileKey.minor(device)).isEqualTo(pair[1]);
        }
    }

    @Test
    void onlyABlockDeviceHasANumber() {
        assertThat(FileKey.blockDevice(Map.of("mode", 0x6000 | 0660, "rdev", 0x801L)))
                .isEqualTo(0x801);
        assertThat(FileKey.blockDevice(Map.of("mode", 0x2000 | 0660, "rdev", 0x801L))).isZero();
        assertThatThrownBy(() -> FileKey.blockDevice(Map.of("mode", 0x6000)))
                .hasMessage("no attribute rdev");
    }

    @Test
    void linkIsFollowedOnlyWhereItIsAsked() throws Exception {
        Path file = Files.createFile(folder.resolve("f"));
        Path link = Files.createSymbolicLink(folder.resolve("l"), file);
        assertThat(FileKey.of(link)).isEqualTo(FileKey.of(file)).isEqualTo(FileKey.ofEntry(file));
        assertThat(FileKey.ofEntry(link)).isNotEqualTo(FileKey.of(file));
        assertThat(FileKey.of(file).inode()).isEqualTo(Files.getAttribute(file, "unix:ino"));
    }
}
