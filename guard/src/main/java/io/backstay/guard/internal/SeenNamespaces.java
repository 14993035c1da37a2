package io.backstay.guard.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was seen in the mount and network namespaces that processes live in, each through one of
/// its processes. Source: proc(5), `mountinfo` and `net`.
///
/// @param mounts by mount namespace
/// @param networks listening sockets by network namespace
record SeenNamespaces(Map<String, List<Mount>> mounts, Map<String, List<Listener>> networks) {
    private static final Path PROC = Path.of("/proc");

    static SeenNamespaces of(List<ProcessFacts> processes) {
        var mounts = new HashMap<String, List<Mount>>();
        var networks = new HashMap<String, List<Listener>>();
        for (ProcessFacts process : processes) {
            // the next of a namespace's processes is asked when one has ended meanwhile
            if (!networks.containsKey(process.networkNamespace())) {
                listeners(process.networkNamespace(), process.pid())
                        .ifPresent(found -> networks.put(process.networkNamespace(), found));
            }
            if (!mounts.containsKey(process.mountNamespace())) {
                text(process.pid(), "mountinfo")
                        .ifPresent(text -> mounts.put(process.mountNamespace(), Mount.parse(text)));
            }
        }
        return new SeenNamespaces(Map.copyOf(mounts), Map.copyOf(networks));
    }

    boolean isLookedAt(ProcessFacts process) {
        return mounts.containsKey(process.mountNamespace())
                && networks.containsKey(process.networkNamespace());
    }

    /// Whether a process ended after its files were read and before anybody looked into its
    /// namespaces: the names of those files mean nothing then, and who has them now is not known.
    boolean isLost(List<ProcessFacts> processes) {
        return processes.stream()
                .anyMatch(
                        process ->
                                !isLookedAt(process)
                                        && ProcessReader.read(PROC, process.pid()).isEmpty());
    }

    /// All of them. A namespace that could not be named (`?PID`) may be one that was read under its
    /// name too: then that name counts.
    List<Listener> listeners() {
        var inodes = new HashSet<Long>();
        return networks.entrySet().stream()
                .sorted(Comparator.comparing(network -> network.getKey().startsWith("?")))
                .flatMap(network -> network.getValue().stream())
                .filter(listener -> inodes.add(listener.inode()))
                .toList();
    }

    /// Empty if they could not be read; `net/tcp6` is not there without IPv6.
    static Optional<List<Listener>> listeners(String namespace, int pid) {
        Optional<String> tcp = text(pid, "net/tcp");
        Optional<String> tcp6 = text(pid, "net/tcp6");
        Optional<String> unix = text(pid, "net/unix");
        boolean hasTcp6 = Files.exists(PROC.resolve(pid + "/net/tcp6"));
        if (tcp.isEmpty() || unix.isEmpty() || (tcp6.isEmpty() && hasTcp6)) {
            return Optional.empty();
        }
        var found = new java.util.ArrayList<Listener>();
        found.addAll(Listener.tcp(namespace, tcp.get()));
        found.addAll(Listener.tcp(namespace, tcp6.orElse("")));
        found.addAll(Listener.unix(namespace, unix.get()));
        return Optional.of(found);
    }

    private static Optional<String> text(int pid, String name) {
        try {
            return Optional.of(
                    // a name may be no UTF-8
                    new String(
                            Files.readAllBytes(PROC.resolve(Integer.toString(pid)).resolve(name)),
                            UTF_8));
        } catch (IOException e) {
            return Optional.empty(); // ended meanwhile: its holdings went with it
        }
    }
}
