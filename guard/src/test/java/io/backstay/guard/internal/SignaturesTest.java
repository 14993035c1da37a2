package io.backstay.guard.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Places and bytes by the formats' own descriptions, written down here once more.
class SignaturesTest {
    private static final int SIZE = 2 << 20;
    @TempDir Path folder;

    private List<String> recognised(int size, int at, byte... bytes) throws Exception {
        byte[] image = new byte[size];
        System.arraycopy(bytes, 0, image, at, bytes.length);
        Path file = Files.write(folder.resolve("image"), image);
        try (Medium medium = Medium.open(file)) {
            return Signatures.recognise(medium);
        }
    }

    private void text(String name, int at, String text) throws Exception {
        assertThat(recognised(SIZE, at, text.getBytes(ISO_8859_1))).as(text).contains(name);
        byte[] other = text.getBytes(ISO_8859_1);
        other[other.length - 1]++;
        assertThat(recognised(SIZE, at, other)).as("not " + text).doesNotContain(name);
    }

    private void hex(String name, int at, String digits) throws Exception {
        text(name, at, new String(HexFormat.of().parseHex(digits), ISO_8859_1));
    }

    @Test
    void zeroesAndNothingAreNothing() throws Exception {
        assertThat(recognised(SIZE, 0)).isEmpty();
        assertThat(recognised(0, 0)).isEmpty();
        assertThat(recognised(1, 0, (byte) 1)).isEmpty();
    }

    @Test
    void fileSystems() throws Exception {
        hex("an ext file system", 1080, "53ef");
        text("an xfs file system", 0, "XFSB");
        text("a btrfs file system", 65_600, "_BHRfS_M");
        hex("an f2fs file system", 1024, "1020f5f2");
        hex("a gfs2 file system", 65_536, "01161970");
        text("an ntfs file system", 3, "NTFS    ");
        text("a fat file system", 82, "FAT32");
    }

    @Test
    void whatDisksAreMadeInto() throws Exception {
        for (int at : new int[] {0, 512, 1024, 1536}) {
            text("an LVM physical volume", at, "LABELONE");
        }
        hex("an encrypted volume (LUKS)", 0, "4c554b53babe");
        text("swap space", 4086, "SWAPSPACE2");
        hex("a partition table (MBR)", 510, "55aa");
        text("a partition table (GPT)", 512, "EFI PART");
        text("a partition table (GPT)", SIZE - 512, "EFI PART");
        hex("a member of a RAID (md)", 4096, "fc4e2ba9");
        text("a member of a RAID (Intel)", SIZE - 1024, "Intel Raid ISM Cfg");
    }

    @Test
    void archivesDumpsAndDatabases() throws Exception {
        hex("an archive (gzip)", 0, "1f8b08");
        hex("an archive (zstd)", 0, "28b52ffd");
        text("an archive (xbstream)", 0, "XBSTCK01");
        text("an archive (tar)", 257, "ustar");
        hex("a binary log", 0, "fe62696e");
        text("a dump", 0, "-- MariaDB dump");
        text("a database (SQLite)", 0, "SQLite format 3");
    }

    @Test
    void raidThatWritesItsNameAtTheEnd() throws Exception {
        byte[] magic = HexFormat.of().parseHex("fc4e2ba9");
        int odd = SIZE + 40_960 + 512;
        for (int size : new int[] {SIZE, odd}) {
            assertThat(recognised(size, (size & ~65_535) - 65_536, magic))
                    .containsExactly("a member of a RAID (md)");
            assertThat(recognised(size, (((size >> 9) - 16) & ~7) << 9, magic))
                    .containsExactly("a member of a RAID (md)");
        }
        assertThat(recognised(SIZE, SIZE - 4, magic)).isEmpty();
    }

    @Test
    void replicatedDeviceByItsLastBlock() throws Exception {
        String drbd = "a DRBD device's metadata";
        for (String word : List.of("8374026a", "8374026b", "8374026c", "8374026d")) {
            assertThat(recognised(SIZE, SIZE - 4096, HexFormat.of().parseHex(word)))
                    .containsExactly(drbd);
            assertThat(recognised(SIZE, SIZE - 4, HexFormat.of().parseHex(word)))
                    .containsExactly(drbd);
        }
        assertThat(recognised(SIZE, SIZE - 4, HexFormat.of().parseHex("83740269"))).isEmpty();
        assertThat(recognised(SIZE, SIZE - 4, HexFormat.of().parseHex("8374026e"))).isEmpty();
        assertThat(recognised(SIZE, SIZE - 4100, HexFormat.of().parseHex("8374026a"))).isEmpty();
        assertThat(recognised(2048, 0, HexFormat.of().parseHex("8374026a"))).containsExactly(drbd);
    }

    @Test
    void poolByAnyOfItsFourLabelsInEitherByteOrder() throws Exception {
        int label = 256 << 10;
        for (int at : new int[] {0, label, SIZE - 2 * label, SIZE - label}) {
            for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
                byte[] magic = ByteBuffer.allocate(8).order(order).putLong(0x00bab10c).array();
                assertThat(recognised(SIZE, at + (128 << 10), magic))
                        .containsExactly("a member of a ZFS pool");
                assertThat(recognised(SIZE, at + label - 1024, magic)).hasSize(1);
                assertThat(recognised(SIZE, at + (127 << 10), magic)).isEmpty();
            }
        }
    }

    @Test
    void poolWhoseDiskEndsBehindItsFirstUberblock() throws Exception {
        byte[] magic = ByteBuffer.allocate(8).putLong(0x00bab10c).array();
        assertThat(recognised((128 << 10) + 8, 128 << 10, magic)).hasSize(1);
    }

    @Test
    void tablespaceByItsFirstPage() throws Exception {
        ByteBuffer page = ByteBuffer.allocate(42);
        page.putShort(24, (short) 8).putInt(34, 7).putInt(38, 7);
        assertThat(recognised(SIZE, 0, page.array())).containsExactly("an InnoDB tablespace");
        assertThat(recognised(42, 0, page.array())).containsExactly("an InnoDB tablespace");
        assertThat(recognised(41, 0, java.util.Arrays.copyOf(page.array(), 41))).isEmpty();
        page.putInt(4, 1);
        assertThat(recognised(SIZE, 0, page.array())).isEmpty();
        page.putInt(4, 0).putInt(38, 8);
        assertThat(recognised(SIZE, 0, page.array())).isEmpty();
        page.putInt(38, 7).putShort(24, (short) 9);
        assertThat(recognised(SIZE, 0, page.array())).isEmpty();
    }

    @Test
    void eachIsSaidOnceAndAllAreSaid() throws Exception {
        byte[] image = new byte[2048];
        System.arraycopy("LABELONE".getBytes(ISO_8859_1), 0, image, 0, 8);
        System.arraycopy("LABELONE".getBytes(ISO_8859_1), 0, image, 512, 8);
        image[1080] = 0x53;
        image[1081] = (byte) 0xef;
        assertThat(recognised(SIZE, 0, image))
                .containsExactly("an ext file system", "an LVM physical volume");
    }
}
