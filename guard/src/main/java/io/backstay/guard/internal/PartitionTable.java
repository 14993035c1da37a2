package io.backstay.guard.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A disk with a partition table: its partitions as the kernel knows them, and what lies between
/// them. Sources: UEFI specification, "GUID Partition Table"; the MBR's four entries of 16 bytes
/// from byte 446, type at 4.
final class PartitionTable {
    private static final int EDGE_SECTORS = 34; // header and entries of a GPT, at either end
    private static final int GPT_PROTECTION = 0xee;
    private static final int MBR_BYTES = 512;
    private static final byte[] GPT_MAGIC = "EFI PART".getBytes(StandardCharsets.US_ASCII);

    private PartitionTable() {}

    static List<String> life(BlockDevice disk, Medium medium, long deadlineNanos)
            throws IOException, CannotLookException {
        int named = entries(medium);
        if (named > disk.partitions().size()) {
            throw new CannotLookException(
                    "the partition table of %s names %d partitions, the kernel knows %d"
                            .formatted(disk.node(), named, disk.partitions().size()),
                    "let the kernel read the table again: blockdev --rereadpt " + disk.node());
        }
        var life = new ArrayList<String>();
        long at = edge(medium, disk.partitions());
        for (BlockDevice part :
                disk.partitions().stream()
                        .sorted(Comparator.comparingLong(BlockDevice::startBytes))
                        .toList()) {
            between(medium, at, part.startBytes(), deadlineNanos, life);
            life.addAll(DeviceContentProbe.of(part, deadlineNanos));
            at = Math.max(at, part.startBytes() + part.sizeBytes());
        }
        between(medium, at, medium.sizeBytes() - tail(medium), deadlineNanos, life);
        return life;
    }

    private static void between(
            Medium medium, long from, long until, long deadlineNanos, List<String> life)
            throws CannotLookException {
        long at = from < until ? medium.firstNonZero(from, until, deadlineNanos) : -1;
        if (at >= 0) {
            life.add(
                    "%s holds data of an unknown kind outside of its partitions, at byte %,d"
                            .formatted(medium.path(), at));
        }
    }

    /// What the table itself takes before the first partition.
    private static long edge(Medium medium, List<BlockDevice> partitions) throws IOException {
        long first =
                partitions.stream().mapToLong(BlockDevice::startBytes).min().orElse(Long.MAX_VALUE);
        return Math.min(first, Math.max(MBR_BYTES, sector(medium, 0) * EDGE_SECTORS));
    }

    /// What its copy takes at the end.
    private static long tail(Medium medium) throws IOException {
        return sector(medium, medium.sizeBytes()) * (EDGE_SECTORS - 1);
    }

    /// By where a header of a GPT is found, one sector from either end; 0 if none is.
    private static long sector(Medium medium, long end) throws IOException {
        for (long sector : new long[] {512, 4096}) {
            ByteBuffer magic = medium.read(end == 0 ? sector : end - sector, GPT_MAGIC.length);
            if (magic.equals(ByteBuffer.wrap(GPT_MAGIC))) {
                return sector;
            }
        }
        return 0;
    }

    /// How many partitions it names.
    private static int entries(Medium medium) throws IOException {
        int entries = 0;
        ByteBuffer sector = medium.read(0, 512);
        for (int i = 0; i < 4; i++) {
            int type = sector.get(446 + 16 * i + 4) & 0xff;
            entries += type != 0 && type != GPT_PROTECTION ? 1 : 0;
        }
        long sectorBytes = sector(medium, 0);
        if (sectorBytes == 0) {
            return entries;
        }
        ByteBuffer header = medium.read(sectorBytes, 96);
        int count = Math.clamp(header.getInt(80), 0, 1024);
        int size = Math.clamp(header.getInt(84), 128, 4096);
        entries = 0;
        for (int i = 0; i < count; i++) {
            ByteBuffer entry = medium.read(header.getLong(72) * sectorBytes + (long) i * size, 16);
            boolean isUsed =
                    entry.remaining() == 16 && (entry.getLong(0) != 0 || entry.getLong(8) != 0);
            entries += isUsed ? 1 : 0;
        }
        return entries;
    }
}
