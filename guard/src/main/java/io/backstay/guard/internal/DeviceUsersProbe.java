package io.backstay.guard.internal;

import io.backstay.doors.kernel.Descriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Does anybody use it who has not claimed it: a mount of any namespace, a device that is made of
/// it, the kernel's swap, a loop device, a process that has it open?
final class DeviceUsersProbe implements Look<DeviceWorld> {
    @Override
    public String name() {
        return "users";
    }

    @Override
    public List<String> life(DeviceWorld world) throws CannotLookException {
        List<String> life = users(world.device(), world.table(), world.own());
        if (life.isEmpty()) {
            world.table().requireAllRead();
        }
        return life;
    }

    /// Of the device and its partitions; of a partition's whole disk too, as far as it is only
    /// opened: claims of the disk and of its other partitions are the kernel's to tell.
    ///
    /// @param own what this process has open of it, which is no use
    static List<String> users(BlockDevice device, ProcessTable table, List<Descriptor> own)
            throws CannotLookException {
        var life = new ArrayList<String>();
        for (BlockDevice part : device.family()) {
            life.addAll(holders(part.name(), part.sysfs()));
        }
        var numbers = new HashSet<>(device.numbers());
        device.wholeDisk().ifPresent(numbers::add);
        life.addAll(mounts(numbers, table));
        life.addAll(kernel(numbers, Path.of("/")));
        life.addAll(processes(numbers, table, own, false));
        return life;
    }

    private static List<String> holders(String name, Path sysfs) throws CannotLookException {
        Set<String> holders = BlockDevice.madeOf(sysfs, "holders");
        return holders.isEmpty()
                ? List.of()
                : List.of("%s are made of %s".formatted(holders, name));
    }

    private static List<String> mounts(Set<Long> numbers, ProcessTable table) {
        var life = new ArrayList<String>();
        for (Map.Entry<String, List<Mount>> namespace : table.mounts().entrySet()) {
            for (Mount mount : namespace.getValue()) {
                if (numbers.contains(mount.device()) || numbers.contains(number(mount.source()))) {
                    life.add(
                            "%s of it is mounted at %s in %s"
                                    .formatted(mount.type(), mount.point(), namespace.getKey()));
                }
            }
        }
        return life;
    }

    private static List<String> kernel(Set<Long> numbers, Path root) throws CannotLookException {
        var life = new ArrayList<String>();
        for (KernelUsers user : KernelUsers.read(root)) {
            if (numbers.contains(number(user.name()))) {
                life.add("%s uses %s".formatted(user.by(), user.name()));
            }
        }
        return life;
    }

    /// By number, whatever the node was called.
    private static List<String> processes(
            Set<Long> numbers, ProcessTable table, List<Descriptor> own, boolean isControl) {
        var life = new ArrayList<String>();
        for (ProcessFacts process : table.processes()) {
            for (ProcessFacts.Held held : process.held()) {
                if (numbers.contains(held.blockDevice())
                        && isOwn(process, held, own) == isControl) {
                    life.add("%s has %s open".formatted(process.label(), held.text()));
                }
            }
        }
        return life.stream().distinct().toList();
    }

    private static boolean isOwn(
            ProcessFacts process, ProcessFacts.Held held, List<Descriptor> own) {
        return process.pid() == ProcessHandle.current().pid()
                && own.stream().anyMatch(thing -> thing.number() == held.descriptor());
    }

    /// 0 for what is no node of a block device.
    private static long number(String name) {
        try {
            return name.startsWith("/")
                    ? FileKey.blockDevice(Files.readAttributes(Path.of(name), "unix:mode,rdev"))
                    : 0;
        } catch (java.io.IOException e) {
            return 0; // a word that looks like a path, or a node that is gone: the numbers decide
        }
    }

    @Override
    public List<String> controls(DeviceWorld world) throws CannotLookException {
        Set<Long> numbers = world.device().numbers();
        if (processes(numbers, world.table(), world.own(), true).isEmpty()) {
            throw failed("did not find that this process has the device open");
        }
        if (mounts(Set.of(world.decoys().mountedDevice()), world.table()).isEmpty()) {
            throw failed("did not find a mount in another mount namespace");
        }
        if (holders("x", world.decoys().lies().resolve("sys/block/x")).isEmpty()) {
            throw failed("did not find what is made of a device");
        }
        if (kernel(numbers, world.decoys().deviceLies(world.device().node())).size() != 2) {
            throw failed("did not find swap and a loop device on a device");
        }
        return List.of(
                "found the device open in this process",
                "found a mount in another mount namespace",
                "found what is made of a device",
                "found swap and a loop device on a device");
    }

    @Override
    public String lookedAt(DeviceWorld world) {
        return world.table().lookedAt();
    }

    @Override
    public List<String> notSeen(DeviceWorld world) {
        return world.table().notSeen();
    }
}
