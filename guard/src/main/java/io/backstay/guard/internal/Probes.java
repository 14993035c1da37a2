package io.backstay.guard.internal;

import java.util.List;

/// All probes there are.
final class Probes {
    private Probes() {}

    static List<Probe> all() {
        return List.of(
                new TargetProbe(),
                new LockProbe(),
                new OpenCountProbe(),
                new OpenFilesProbe(),
                new ProcessesProbe(),
                new SocketsProbe(),
                new MountsProbe(),
                new KernelUsersProbe(),
                new DataAtRestProbe(),
                new CoveredDataProbe(),
                new PeersProbe(),
                new TestimonyProbe());
    }
}
