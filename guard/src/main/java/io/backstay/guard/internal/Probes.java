package io.backstay.guard.internal;

import java.util.List;

/// All probes there are, by kind of target.
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

    static List<Look<DeviceWorld>> ofDevice() {
        return List.of(
                new DeviceIdentityProbe(),
                new ClaimProbe(),
                new DeviceUsersProbe(),
                new DeviceContentProbe());
    }

    static List<Look<HostWorld>> ofHost() {
        return List.of(
                new HostIdentityProbe(),
                new DatabaseProcessesProbe(),
                new StorageProbe(),
                new FileSystemsProbe(),
                new HostPeersProbe());
    }
}
