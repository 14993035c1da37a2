package io.backstay.guard.internal;

import io.backstay.doors.kernel.Descriptor;
import io.backstay.doors.kernel.KernelRefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Has the kernel, or a program, claimed it or one of its partitions: mounted in any namespace,
/// part of a RAID, of a volume group, of a swap area? Asks by claiming it for an instant.
final class ClaimProbe implements Look<DeviceWorld> {
    private static final int TRIES = 10; // two guards that ask at once
    private static final Duration PAUSE = Duration.ofMillis(20);

    @Override
    public String name() {
        return "claim";
    }

    @Override
    public List<String> life(DeviceWorld world) throws CannotLookException {
        var life = new ArrayList<String>();
        if (world.isHeld()) {
            requireOwnClaim(world);
            return life;
        }
        for (BlockDevice device : world.device().family()) {
            if (isClaimed(device.node())) {
                life.add(device.node() + " is claimed: mounted, or part of another device");
            }
        }
        return life;
    }

    /// While the interlock's own claim keeps all others away, nobody else can have one.
    private void requireOwnClaim(DeviceWorld world) throws CannotLookException {
        for (BlockDevice device : world.device().family()) {
            if (!isClaimed(device.node())) {
                throw failed("finds %s free, though it holds it".formatted(device.node()));
            }
        }
    }

    private static boolean isClaimed(Path node) throws CannotLookException {
        for (int i = 0; i < TRIES; i++) {
            try (Descriptor claim = Descriptor.openExclusively(node)) {
                return claim.number() < 0;
            } catch (KernelRefusedException e) {
                if (e.errno() != KernelRefusedException.EBUSY) {
                    throw new CannotLookException(String.valueOf(e.getMessage()), "run as root");
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        return true;
    }

    /// The device itself, claimed by this very process for a moment.
    @Override
    public List<String> controls(DeviceWorld world) throws CannotLookException {
        if (world.isHeld()) {
            requireOwnClaim(world);
            return List.of("found the interlock's claim of each");
        }
        for (BlockDevice device : world.device().family()) {
            try (Descriptor claim = Descriptor.openExclusively(device.node())) {
                if (claim.number() < 0 || !isClaimed(device.node())) {
                    throw failed("did not find its own claim of " + device.node());
                }
            } catch (KernelRefusedException e) {
                throw new CannotLookException(
                        device.node() + " was claimed meanwhile: " + e.getMessage(), "ask again");
            }
            if (isClaimed(device.node())) {
                throw failed("sees a claim of " + device.node() + " that it has given back");
            }
        }
        return List.of("found its own claim of each", "found each free before and after");
    }

    @Override
    public String lookedAt(DeviceWorld world) {
        return "%d devices".formatted(world.device().family().size());
    }
}
