package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What lies on a disk or in an image, by the bytes that its makers put at fixed places. Needs no
/// tool. Sources: the formats' own public descriptions, by name in [#AT].
final class Signatures {
    static final String EXT = "an ext file system";
    static final String XFS = "an xfs file system";
    static final String MBR = "a partition table (MBR)";
    static final String LVM = "an LVM physical volume";
    static final String GPT = "a partition table (GPT)";

    /// @param at byte, from the end if negative
    private record Signature(String name, long at, ByteBuffer bytes) {}

    private static final List<Signature> AT =
            List.of(
                    hex(EXT, 1080, "53ef"),
                    text(XFS, 0, "XFSB"),
                    text("a btrfs file system", 65_600, "_BHRfS_M"),
                    text(LVM, 0, "LABELONE"),
                    text(LVM, 512, "LABELONE"),
                    text(LVM, 1024, "LABELONE"),
                    text(LVM, 1536, "LABELONE"),
                    hex("an encrypted volume (LUKS)", 0, "4c554b53babe"),
                    hex("an encrypted volume (LUKS)", 16_384, "534b554cbabe"),
                    hex("a member of a RAID (md)", 0, "fc4e2ba9"),
                    hex("a member of a RAID (md)", 4096, "fc4e2ba9"),
                    text("a member of a RAID (Intel)", -1024, "Intel Raid ISM Cfg"),
                    text("a ceph volume", 0, "bluestore block device"),
                    text("an Oracle ASM disk", 32, "ORCLDISK"),
                    hex("a bcache device", 4120, "c68573f64e1a45ca8265f57f48ba6d81"),
                    text("a VDO volume", 0, "dmvdo001"),
                    hex("a stratis pool", 516, "5374726130746973"),
                    text("swap space", 4086, "SWAPSPACE2"),
                    text("swap space", 4086, "SWAP-SPACE"),
                    text("an image of a suspended machine", 4086, "S1SUSPEND"),
                    hex("an f2fs file system", 1024, "1020f5f2"),
                    hex("an erofs file system", 1024, "e2e1f5e0"),
                    hex("a gfs2 file system", 65_536, "01161970"),
                    text("an ocfs2 file system", 4096, "OCFSV2"),
                    text("a jfs file system", 32_768, "JFS1"),
                    text("a reiser file system", 65_588, "ReIsEr"),
                    hex("a nilfs2 file system", 1030, "3434"),
                    text("a squashfs file system", 0, "hsqs"),
                    text("an ntfs file system", 3, "NTFS    "),
                    text("an exfat file system", 3, "EXFAT   "),
                    text("a fat file system", 54, "FAT1"),
                    text("a fat file system", 82, "FAT32"),
                    text("a CD image", 32_769, "CD001"),
                    text("a VMFS volume", 0x10_0000, "\r\u00d0\u0001\u00c0"),
                    text("a virtual disk (qcow)", 0, "QFI\u00fb"),
                    text("a virtual disk (vmdk)", 0, "KDMV"),
                    text("a virtual disk (vdi)", 0, "<<< "),
                    text("a virtual disk (vhdx)", 0, "vhdxfile"),
                    text("an archive (xbstream)", 0, "XBSTCK01"),
                    text("an archive (tar)", 257, "ustar"),
                    hex("an archive (gzip)", 0, "1f8b08"),
                    hex("an archive (zstd)", 0, "28b52ffd"),
                    hex("an archive (xz)", 0, "fd377a585a00"),
                    hex("an archive (lz4)", 0, "04224d18"),
                    text("an archive (bzip2)", 0, "BZh"),
                    text("an archive (7z)", 0, "7z\u00bc\u00af"),
                    hex("an archive (zip)", 0, "504b0304"),
                    hex("a binary log", 0, "fe62696e"),
                    text("a dump", 0, "-- MySQL dump"),
                    text("a dump", 0, "-- MariaDB dump"),
                    text("a dump", 0, "/*M!999999"),
                    text("a dump", 0, "-- MyDumper"),
                    text("a dump", 0, "PGDMP"),
                    text("a database (SQLite)", 0, "SQLite format 3"),
                    text("a database (Redis)", 0, "REDIS"),
                    text(GPT, 512, "EFI PART"),
                    text(GPT, 4096, "EFI PART"),
                    text(GPT, -512, "EFI PART"),
                    text(GPT, -4096, "EFI PART"),
                    hex(MBR, 510, "55aa"));

    private static final int ZFS_LABEL = 256 << 10;

    private Signatures() {}

    private static Signature text(String name, long at, String text) {
        return new Signature(name, at, ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static Signature hex(String name, long at, String digits) {
        return new Signature(name, at, ByteBuffer.wrap(HexFormat.of().parseHex(digits)));
    }

    /// Everything that is recognised, each once, the first place first; empty if nothing is.
    static List<String> recognise(Medium medium) throws IOException {
        var found = new ArrayList<String>();
        for (Signature signature : AT) {
            long at = signature.at() < 0 ? medium.sizeBytes() + signature.at() : signature.at();
            ByteBuffer bytes = medium.read(at, signature.bytes().remaining());
            if (bytes.equals(signature.bytes())) {
                found.add(signature.name());
            }
        }
        raidAtTheEnd(medium, found);
        replicated(medium, found);
        zfs(medium, found);
        innodb(medium, found);
        return found.stream().distinct().toList();
    }

    /// md metadata 0.90 lies 64 KiB before the last multiple of 64 KiB, 1.0 8 KiB before the end.
    private static void raidAtTheEnd(Medium medium, List<String> found) throws IOException {
        long old = (medium.sizeBytes() & -65_536L) - 65_536;
        long one = (((medium.sizeBytes() >> 9) - 16) & -8L) << 9;
        for (long at : new long[] {old, one}) {
            ByteBuffer bytes = medium.read(at, 4);
            if (bytes.remaining() == 4 && bytes.getInt() == 0xa92b4efc) {
                found.add("a member of a RAID (md)");
            }
        }
    }

    /// DRBD's internal metadata: its magic, big-endian, in the last 4 KiB.
    private static void replicated(Medium medium, List<String> found) throws IOException {
        ByteBuffer bytes = medium.read(Math.max(0, medium.sizeBytes() - 4096), 4096);
        while (bytes.remaining() >= 4) {
            int word = Integer.reverseBytes(bytes.getInt());
            if (word >= 0x8374026a && word <= 0x8374026d) {
                found.add("a DRBD device's metadata");
                return;
            }
        }
    }

    /// Four labels, two at either end; in each, uberblocks from its 128th KiB.
    private static void zfs(Medium medium, List<String> found) throws IOException {
        long end = medium.sizeBytes() & -(long) ZFS_LABEL;
        for (long label : new long[] {0, ZFS_LABEL, end - 2 * ZFS_LABEL, end - ZFS_LABEL}) {
            ByteBuffer bytes = medium.read(label + (128 << 10), 128 << 10);
            for (int at = 0; at + 8 <= bytes.limit(); at += 1024) {
                long magic = bytes.getLong(at);
                if (magic == 0x00bab10cL || Long.reverseBytes(magic) == 0x00bab10cL) {
                    found.add("a member of a ZFS pool");
                    return;
                }
            }
        }
    }

    /// A tablespace's first page is its header: type 8 at byte 24, page number 0, and its own space
    /// id, twice. Source: MySQL internals, "InnoDB Page Structure".
    private static void innodb(Medium medium, List<String> found) throws IOException {
        ByteBuffer page = medium.read(0, 42).order(java.nio.ByteOrder.BIG_ENDIAN);
        if (page.remaining() == 42
                && page.getShort(24) == 8
                && page.getInt(4) == 0
                && page.getInt(34) == page.getInt(38)) {
            found.add("an InnoDB tablespace");
        }
    }
}
