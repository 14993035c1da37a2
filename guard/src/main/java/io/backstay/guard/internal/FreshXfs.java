package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Is an xfs file system as `mkfs` left it, never mounted since? Its log must hold one record, the
/// unmount that `mkfs` writes. Source: "XFS Algorithms & Data Structures".
///
/// Super block, at byte 0, big-endian: 4 block size, 8 blocks, 48 first block of the log, 84 blocks
/// of a group, 96 blocks of the log, 126 `mkfs` still runs, 124 log2 of the blocks of a group, 128
/// inodes, 136 of them free. Log record: 0 magic, 12 length behind its sector, 40 operations; the
/// first operation's flags at byte 9 of it.
final class FreshXfs {
    private static final int RECORD = 0xfeedbabe;
    private static final int UNMOUNT = 0x20;
    private static final int SECTOR = 512;
    private static final int RESERVED_INODES = 3; // root, and two for real-time

    private FreshXfs() {}

    /// Sentence against it; empty text if it is fresh.
    static String against(Medium medium, long deadlineNanos)
            throws IOException, CannotLookException {
        ByteBuffer block = medium.read(0, SECTOR).order(ByteOrder.BIG_ENDIAN);
        long used = block.getLong(128) - block.getLong(136);
        if (block.get(126) != 0 || used != RESERVED_INODES) {
            return "%d inodes are in use, %d in a fresh one".formatted(used, RESERVED_INODES);
        }
        int blockBytes = block.getInt(4);
        long address = block.getLong(48);
        int groupBits = block.get(124);
        if (address == 0 || groupBits <= 0 || groupBits > 31) {
            return "its log lies elsewhere";
        }
        // a block's address holds its group above its number in the group
        long group = address >> groupBits;
        long log = (group * block.getInt(84) + (address & ((1L << groupBits) - 1))) * blockBytes;
        long end = log + (long) block.getInt(96) * blockBytes;
        ByteBuffer record = medium.read(log, 2 * SECTOR).order(ByteOrder.BIG_ENDIAN);
        if (record.remaining() < 2 * SECTOR
                || record.getInt(0) != RECORD
                || record.getInt(40) != 1
                || (record.get(SECTOR + 9) & UNMOUNT) == 0) {
            return "its log does not begin as a fresh one does";
        }
        long behind = log + SECTOR + (record.getInt(12) + SECTOR - 1L) / SECTOR * SECTOR;
        if (medium.firstNonZero(behind, end, deadlineNanos) >= 0) {
            return "it has been mounted, and whether its log was written back is not examined";
        }
        long after =
                medium.firstNonZero(
                        block.getLong(8) * blockBytes, medium.sizeBytes(), deadlineNanos);
        return after < 0 ? "" : "data of an unknown kind lies behind it, at byte " + after;
    }
}
