package io.backstay.guard.internal;

import io.backstay.doors.kernel.ChildPlan;
import io.backstay.doors.kernel.Descriptor;
import io.backstay.doors.kernel.KernelRefusedException;
import io.backstay.guard.Finding;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The kernel's claim of a block device: while it is held, nobody mounts it, swaps on it, or makes
/// another device of it, in whatever namespace; nor any partition of it, nor the disk that it is a
/// partition of. Who opens it plainly is not kept away, only seen.
///
/// Invariant: whoever acts is given an open descriptor of the very device that was claimed, never a
/// name that could lead to another meanwhile.
///
/// Source: open(2), `O_EXCL` without `O_CREAT`; Linux, block/bdev.c, `bd_may_claim`.
public final class HeldDevice implements HeldTarget {
    private static final int TRIES = 50; // who asks for an instant, as other guards do
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Path node;
    private final long number;
    private final Descriptor plain;
    private Optional<Descriptor> claim;
    private boolean isHandedOver;

    private HeldDevice(Path node, long number, Descriptor plain, Descriptor claim) {
        this.node = node;
        this.number = number;
        this.plain = plain;
        this.claim = Optional.of(claim);
    }

    static Taken take(Path node) {
        try {
            Descriptor plain = Descriptor.openToLook(node);
            try {
                long number = number(Path.of("/proc/self/fd", "" + plain.number()));
                Descriptor claim = claim(node);
                var held = new HeldDevice(node, number, plain, claim);
                if (number == 0 || number(claimName(claim)) != number) {
                    claim.close();
                    throw new CannotLookException(
                            node + " is no block device, or became another one",
                            "look what changes the names of devices, and ask again");
                }
                return new All(held);
            } catch (CannotLookException | RuntimeException e) {
                plain.close();
                throw e;
            }
        } catch (KernelRefusedException e) {
            return new None(
                    new Finding.Blind(
                            "interlock",
                            e.errno() == KernelRefusedException.EBUSY
                                    ? node + " was claimed by another in between"
                                    : String.valueOf(e.getMessage()),
                            "unmount it, or end what uses it"));
        } catch (CannotLookException e) {
            return new None(
                    new Finding.Blind("interlock", String.valueOf(e.getMessage()), e.remedy()));
        }
    }

    private static Descriptor claim(Path node) {
        for (int left = TRIES; ; left--) {
            try {
                return Descriptor.openExclusively(node);
            } catch (KernelRefusedException e) {
                if (left == 0 || e.errno() != KernelRefusedException.EBUSY) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static Path claimName(Descriptor claim) {
        return Path.of("/proc/self/fd", "" + claim.number());
    }

    /// 0 if it is none, or not there.
    private static long number(Path name) {
        try {
            return FileKey.blockDevice(Files.readAttributes(name, "unix:mode,rdev"));
        } catch (IOException e) {
            return 0;
        }
    }

    /// What of it this process has open itself.
    List<Descriptor> own() {
        return claim.isPresent() ? List.of(plain, claim.get()) : List.of(plain);
    }

    @Override
    public GuardAnswer checkAgain(GuardRequest request, Duration budget) {
        return new HostGuard(budget, this).check(request);
    }

    /// Throws if another device has the name now.
    void requireSame(BlockDevice device) throws CannotLookException {
        if (device.number() != number) {
            throw new CannotLookException(
                    device.node() + " leads to another device than the one that is held",
                    "look what changes the names of devices, and ask again");
        }
    }

    /// A process may have opened it, or a loop device been put on it, since the second look: no
    /// claim keeps them away.
    @Override
    public boolean isAt(Path name) {
        try {
            BlockDevice device = BlockDevice.of(name);
            requireSame(device);
            ProcessTable table = ProcessTable.read();
            table.requireAllRead();
            return DeviceUsersProbe.users(device, table, own()).isEmpty();
        } catch (CannotLookException e) {
            return false;
        }
    }

    @Override
    public Path nameHere() {
        return Path.of("/proc/self/fd", "" + plain.number());
    }

    @Override
    public Path nameInCommand() {
        return Path.of(ChildPlan.nameInChild(0));
    }

    @Override
    public List<Descriptor> inheritable(boolean toHandOver) {
        return List.of(toHandOver ? plain : claim.orElse(plain));
    }

    @Override
    public Optional<String> whyNotPassedOn() {
        return PassedOn.whyNot(inheritable(false));
    }

    @Override
    public void handOver() {
        claim.ifPresent(Descriptor::close);
        claim = Optional.empty();
        isHandedOver = true;
    }

    @Override
    public boolean isHeld() {
        if (isHandedOver && claim.isEmpty()) {
            try {
                claim = Optional.of(claim(node));
            } catch (KernelRefusedException e) {
                return false;
            }
        }
        return claim.map(held -> number(claimName(held)) == number).orElse(false);
    }

    @Override
    public String loss() {
        return "it is claimed now, by what the command left behind or by somebody else";
    }

    @Override
    public void close() {
        claim.ifPresent(Descriptor::close);
        claim = Optional.empty();
        plain.close();
    }
}
