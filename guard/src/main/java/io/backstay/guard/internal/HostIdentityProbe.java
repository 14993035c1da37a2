package io.backstay.guard.internal;

import io.backstay.doors.Time;
import java.util.List;

/// Is this process on the host itself, so that what it sees is the host?
final class HostIdentityProbe implements Look<HostWorld> {
    @Override
    public String name() {
        return "target";
    }

    @Override
    public List<String> life(HostWorld world) throws CannotLookException {
        world.table().requireAllRead();
        String root = Mount.of(world.table().ownMounts(), "/").map(Mount::type).orElse("unknown");
        if (root.equals("overlay")) {
            throw new CannotLookException(
                    "the root is an overlay, as a container's is: the host is not seen",
                    "run on the host itself");
        }
        return List.of();
    }

    @Override
    public List<String> controls(HostWorld world) throws CannotLookException {
        boolean sees =
                world.table().processes().stream()
                        .anyMatch(p -> p.pid() == ProcessHandle.current().pid());
        if (!sees) {
            throw failed("did not find its own process");
        }
        return List.of("found its own process in the machine's first PID namespace");
    }

    @Override
    public String lookedAt(HostWorld world) {
        return "boot %s, %s".formatted(Time.bootId(), world.table().lookedAt());
    }

    @Override
    public List<String> notSeen(HostWorld world) {
        return world.table().notSeen();
    }
}
