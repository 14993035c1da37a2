package io.backstay.guard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Disks as files, with one partition from 1 MiB, 1 MiB long.
class PartitionTableTest {
    private static final int SIZE = 4 << 20;
    private static final long START = 1 << 20;
    @TempDir Path folder;
    private Path disk;
    private Path part;

    @BeforeEach
    void images() throws IOException {
        disk = folder.resolve("disk");
        part = folder.resolve("part");
        write(disk, SIZE - 1, 0);
        write(part, (1 << 20) - 1, 0);
        byte[] entry = new byte[16];
        entry[4] = (byte) 0x83;
        ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 2048).putInt(12, 2048);
        writeAll(disk, 446, entry);
        write(disk, 510, 0x55, 0xaa);
    }

    private static void write(Path file, long at, int... bytes) throws IOException {
        byte[] content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        writeAll(file, at, content);
    }

    private static void writeAll(Path file, long at, byte[] bytes) throws IOException {
        try (var image = new RandomAccessFile(file.toFile(), "rw")) {
            image.seek(at);
            image.write(bytes);
        }
    }

    private List<String> life(List<BlockDevice> partitions) throws CannotLookException {
        return DeviceContentProbe.of(
                new BlockDevice("disk", disk, 0, folder, 0, SIZE, partitions), Long.MAX_VALUE);
    }

    private List<BlockDevice> known() {
        return List.of(new BlockDevice("part", part, 0, folder, START, 1 << 20, List.of()));
    }

    @Test
    void emptyPartitionsAreClear() throws Exception {
        assertThat(life(known())).isEmpty();
    }

    @Test
    void partitionThatTheKernelDoesNotKnowIsBlind() {
        assertThatThrownBy(() -> life(List.of()))
                .isInstanceOf(CannotLookException.class)
                .hasMessageContaining("names 1 partitions, the kernel knows 0");
    }

    @Test
    void whatIsInAPartitionIsFound() throws Exception {
        writeAll(part, 512, "LABELONE".getBytes(StandardCharsets.US_ASCII));
        assertThat(life(known())).containsExactly(part + " holds an LVM physical volume");
    }

    @Test
    void whatIsBeforeAndBehindThePartitionsIsFound() throws Exception {
        write(disk, 700_000, 1);
        write(disk, SIZE - 5, 1);
        String said = disk + " holds data of an unknown kind outside of its partitions, at byte ";
        assertThat(life(known())).containsExactly(said + "700,000", said + "4,194,299");
    }

    @Test
    void partitionsOfALaterTableAreCounted() throws Exception {
        write(disk, 446 + 4, 0xee);
        writeAll(disk, 512, "EFI PART".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(0, 2).putInt(8, 128).putInt(12, 128);
        writeAll(disk, 512 + 72, header.array());
        write(disk, 1024, 1);
        assertThat(life(known())).isEmpty();
        write(disk, 1024 + 128, 1);
        assertThatThrownBy(() -> life(known()))
                .hasMessageContaining("names 2 partitions, the kernel knows 1");
    }
}
