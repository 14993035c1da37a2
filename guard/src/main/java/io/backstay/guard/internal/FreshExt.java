package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Is an ext2, ext3 or ext4 file system as `mkfs` left it? Reads the super block, the group
/// descriptors and the root folder; mounts nothing. Source: Linux, "ext4 Data Structures and
/// Algorithms".
///
/// Super block, at byte 1024, little-endian:
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0, 4 | 4 | inodes, blocks |
/// | 20, 24 | 4 | first data block; log2 of the block size, less 10 |
/// | 32 | 4 | blocks in a group |
/// | 58 | 2 | state: 1 cleanly unmounted, 2 errors |
/// | 84 | 4 | first inode that is not reserved |
/// | 88 | 2 | size of an inode |
/// | 92, 96, 100 | 4 | features: compatible, incompatible, read-only compatible |
/// | 232 | 4 | first orphaned inode |
/// | 254 | 2 | size of a group descriptor |
/// | 336 | 4 | blocks, upper half |
/// | 360 | 8 | block of the multiple mount protection |
///
/// The root folder is inode 2: in the table of the first group (descriptor, byte 8; upper half at
/// 40), flags at byte 32, then at 40 the blocks, or an extent header and its extents.
final class FreshExt {
    private static final int NEEDS_RECOVERY = 0x4;
    private static final int META_GROUPS = 0x10;
    private static final int IS_64_BIT = 0x80;
    private static final int MOUNT_PROTECTION = 0x100;
    private static final int ORPHAN_FILE = 0x1000;
    private static final int ORPHANS_PRESENT = 0x10000;
    private static final int CLEAN_SEQUENCE = 0xff4d4d50;
    private static final int INODE_HAS_EXTENTS = 0x80000;
    private static final int EXTENT_MAGIC = 0xf30a;
    private static final int FOLDER = 2;
    private static final int ROOT_BLOCKS_MAX = 4;
    private static final Set<String> MADE_BY_MKFS = Set.of(".", "..", "lost+found");

    private FreshExt() {}

    /// Sentence against it; empty text if it is fresh.
    static String against(Medium medium, long deadlineNanos)
            throws IOException, CannotLookException {
        ByteBuffer block = medium.read(1024, 1024);
        int incompatible = block.getInt(96);
        if ((incompatible & NEEDS_RECOVERY) != 0
                || (block.getShort(58) & 3) != 1
                || block.getInt(232) != 0
                || (block.getInt(100) & ORPHANS_PRESENT) != 0) {
            return "it is in use, or was not unmounted cleanly";
        }
        int blockBytes = 1024 << block.getInt(24);
        if (block.getInt(24) > 6 || block.getInt(24) < 0 || (incompatible & META_GROUPS) != 0) {
            return "its layout is not known";
        }
        if ((incompatible & MOUNT_PROTECTION) != 0) {
            ByteBuffer protection = medium.read(block.getLong(360) * blockBytes, 8);
            if (protection.remaining() < 8 || protection.getInt(4) != CLEAN_SEQUENCE) {
                return "another host has it mounted, by its mount protection";
            }
        }
        long used = (block.getInt(0) & 0xffff_ffffL) - freeInodes(medium, block, blockBytes);
        boolean hasOrphanFile = (block.getInt(92) & ORPHAN_FILE) != 0;
        // the reserved ones, lost+found, and where there is one the file of orphans
        long fresh = block.getInt(84) + (hasOrphanFile ? 1L : 0L);
        if (used > fresh || used <= 0) {
            return "%d inodes are in use, %d in a fresh one".formatted(used, fresh);
        }
        // a file in place of lost+found counts the same
        String made = madeInRoot(medium, block, blockBytes);
        if (!made.isEmpty()) {
            return made;
        }
        long behind =
                medium.firstNonZero(blocks(block) * blockBytes, medium.sizeBytes(), deadlineNanos);
        return behind < 0 ? "" : "data of an unknown kind lies behind it, at byte " + behind;
    }

    /// What is in the root folder that `mkfs` does not make; empty text if nothing is.
    private static String madeInRoot(Medium medium, ByteBuffer block, int blockBytes)
            throws IOException {
        ByteBuffer descriptor = medium.read((block.getInt(20) + 1L) * blockBytes, 64);
        boolean isLong = (block.getInt(96) & IS_64_BIT) != 0 && block.getShort(254) >= 64;
        long table = descriptor.getInt(8) & 0xffff_ffffL;
        table |= isLong ? (long) descriptor.getInt(40) << 32 : 0;
        int inodeBytes = block.getShort(88) & 0xffff;
        ByteBuffer root = medium.read(table * blockBytes + inodeBytes, 128);
        if (root.remaining() < 128 || (root.getShort(0) & 0xf000) != 0x4000) {
            return "its root folder is not where it belongs";
        }
        boolean hasExtents = (root.getInt(32) & INODE_HAS_EXTENTS) != 0;
        if (hasExtents
                && ((root.getShort(40) & 0xffff) != EXTENT_MAGIC || root.getShort(46) != 0)) {
            return "its root folder is larger than a fresh one";
        }
        int count = root.getInt(4) / blockBytes;
        if (count < 1 || count > ROOT_BLOCKS_MAX || root.getInt(4) % blockBytes != 0) {
            return "its root folder is larger than a fresh one";
        }
        for (int i = 0; i < count; i++) {
            long at = hasExtents ? extent(root, i) : root.getInt(40 + 4 * i) & 0xffff_ffffL;
            if (at == 0) {
                return "its root folder is not where it belongs";
            }
            String made = madeIn(medium.read(at * blockBytes, blockBytes), blockBytes);
            if (!made.isEmpty()) {
                return made;
            }
        }
        return "";
    }

    /// The block of the device that holds this block of the folder; 0 if no extent does.
    private static long extent(ByteBuffer inode, int block) {
        for (int i = 0; i < Math.min(4, inode.getShort(42)); i++) {
            int at = 52 + 12 * i;
            int first = inode.getInt(at);
            int length = inode.getShort(at + 4) & 0xffff;
            if (block >= first && block < first + length) {
                long upper = inode.getShort(at + 6) & 0xffffL;
                return (upper << 32 | (inode.getInt(at + 8) & 0xffff_ffffL)) + block - first;
            }
        }
        return 0;
    }

    /// Entries: inode, 0 if unused; length; length of the name; kind; name.
    private static String madeIn(ByteBuffer entries, int blockBytes) {
        for (int at = 0; at + 8 <= entries.limit(); ) {
            int length = entries.getShort(at + 4) & 0xffff;
            int nameBytes = entries.get(at + 6) & 0xff;
            if (length < 8 || at + length > blockBytes || 8 + nameBytes > length) {
                return "its root folder is damaged";
            }
            byte[] name = new byte[nameBytes];
            entries.get(at + 8, name);
            String text = new String(name, StandardCharsets.UTF_8);
            boolean isKnown = MADE_BY_MKFS.contains(text) && entries.get(at + 7) == FOLDER;
            if (entries.getInt(at) != 0 && !isKnown) {
                return "its root folder holds " + text;
            }
            at += length;
        }
        return "";
    }

    private static long blocks(ByteBuffer block) {
        long upper = (block.getInt(96) & IS_64_BIT) != 0 ? block.getInt(336) : 0;
        return upper << 32 | (block.getInt(4) & 0xffff_ffffL);
    }

    private static long freeInodes(Medium medium, ByteBuffer block, int blockBytes)
            throws IOException {
        boolean isLong = (block.getInt(96) & IS_64_BIT) != 0;
        int size = isLong ? Math.max(32, block.getShort(254)) : 32;
        long blocks = blocks(block);
        long firstBlock = block.getInt(20);
        long inGroup = block.getInt(32) & 0xffff_ffffL;
        if (inGroup == 0 || blocks * blockBytes > medium.sizeBytes()) {
            throw new IOException("its super block does not fit the device");
        }
        long free = 0;
        long groups = (blocks - firstBlock + inGroup - 1) / inGroup;
        for (long group = 0; group < groups; group++) {
            ByteBuffer descriptor = medium.read((firstBlock + 1) * blockBytes + group * size, size);
            if (descriptor.remaining() < size) {
                throw new IOException("its group descriptors are cut short");
            }
            free += descriptor.getShort(14) & 0xffff;
            if (size >= 64) {
                free += (descriptor.getShort(46) & 0xffffL) << 16;
            }
        }
        return free;
    }
}
