package io.backstay.guard.internal;

import java.util.List;

/// Is it a disk of this machine's own, so that what this machine sees is all there is to see?
final class DeviceIdentityProbe implements Look<DeviceWorld> {
    @Override
    public String name() {
        return "target";
    }

    @Override
    public List<String> life(DeviceWorld world) throws CannotLookException {
        BlockDevice device = world.device();
        if (device.sizeBytes() == 0) {
            throw new CannotLookException(
                    device.node() + " has no medium", "attach one, or name another device");
        }
        String shared = device.sharedBy();
        if (!shared.isEmpty()) {
            throw new CannotLookException(
                    "%s is attached by %s: what other machines do with it is not seen"
                            .formatted(device.node(), shared),
                    "destroy it where all its users are known, with two people looking");
        }
        world.table().requireAllRead();
        return List.of();
    }

    @Override
    public List<String> controls(DeviceWorld world) throws CannotLookException {
        BlockDevice device = world.device();
        if (BlockDevice.of(device.node()).number() != device.number()) {
            throw failed("did not find the same device twice");
        }
        var lie =
                new BlockDevice(
                        "x",
                        device.node(),
                        0,
                        java.nio.file.Path.of("/sys/devices/platform/host1/session1/block/x"),
                        0,
                        1,
                        List.of());
        if (lie.sharedBy().isEmpty()) {
            throw failed("did not recognise a disk of a network");
        }
        return List.of("found the same device twice", "recognised a disk of a network");
    }

    @Override
    public String lookedAt(DeviceWorld world) {
        BlockDevice device = world.device();
        return "%s: device %d:%d, %,d bytes, %d partitions, %s"
                .formatted(
                        device.node(),
                        FileKey.major(device.number()),
                        FileKey.minor(device.number()),
                        device.sizeBytes(),
                        device.partitions().size(),
                        device.sysfs());
    }

    @Override
    public List<String> notSeen(DeviceWorld world) {
        return List.of(
                "whether a hypervisor, or an enclosure with two cables, gives this disk to another"
                        + " machine");
    }
}
