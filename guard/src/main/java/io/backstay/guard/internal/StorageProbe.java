package io.backstay.guard.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Does data wait on a disk that nobody has mounted? No mount often means: waiting.
final class StorageProbe implements Look<HostWorld> {
    @Override
    public String name() {
        return "storage";
    }

    @Override
    public List<String> life(HostWorld world) throws CannotLookException {
        var life = new ArrayList<String>();
        Set<Long> mounted = new HashSet<>();
        world.table().mounts().values().stream()
                .flatMap(List::stream)
                // a mounted folder of it says nothing about the rest
                .filter(mount -> mount.root().equals("/"))
                .forEach(mount -> mounted.add(mount.device()));
        // the file systems are searched in the other half
        long now = System.nanoTime();
        long deadline = now + (world.deadlineNanos() - now) / 2;
        for (BlockDevice disk : BlockDevice.all()) {
            boolean isWhole = disk.partitions().isEmpty() || mounted.contains(disk.number());
            for (BlockDevice part : isWhole ? List.of(disk) : disk.partitions()) {
                if (mounted.contains(part.number()) || isMemory(part)) {
                    continue;
                }
                if (BlockDevice.madeOf(part.sysfs(), "holders").isEmpty()) {
                    life.addAll(DeviceContentProbe.of(part, deadline));
                } else {
                    requireNoVolumes(part);
                }
            }
        }
        return life;
    }

    /// What is made of a disk is looked at as a disk of its own. Of a volume group only the active
    /// volumes are.
    private static void requireNoVolumes(BlockDevice part) throws CannotLookException {
        try (Medium medium = Medium.open(part.node(), part.sizeBytes())) {
            if (Signatures.recognise(medium).contains(Signatures.LVM)) {
                throw new CannotLookException(
                        part.node() + " is a physical volume: its inactive volumes are not seen",
                        "look at each volume by `guard check --target device:...`");
            }
        } catch (IOException e) {
            throw new CannotLookException(
                    part.node() + " cannot be read: " + e.getMessage(), "run as root");
        }
    }

    /// Swap in compressed memory, which no restart outlives.
    private static boolean isMemory(BlockDevice device) {
        return device.name().startsWith("zram");
    }

    @Override
    public List<String> controls(HostWorld world) throws CannotLookException {
        if (BlockDevice.all().isEmpty()) {
            throw failed("found no disk at all");
        }
        return DeviceContentProbe.found(world.decoys(), Long.MAX_VALUE);
    }

    @Override
    public String lookedAt(HostWorld world) {
        return "every disk and partition that is not mounted";
    }

    @Override
    public List<String> notSeen(HostWorld world) {
        return List.of(
                "disks that this kernel has no driver for, and disks of a network that are not"
                        + " logged in to");
    }
}
