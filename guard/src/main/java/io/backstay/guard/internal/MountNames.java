package io.backstay.guard.internal;

import io.backstay.guard.internal.ProcessFacts.Held;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// By which mounts a process's names are understood.
///
/// @param own mounts of that process: its names are its own
/// @param byId mounts of all namespaces: a descriptor may come from another one
record MountNames(List<Mount> own, Map<Integer, Mount> byId) {

    static MountNames of(List<Mount> own) {
        return new MountNames(
                own,
                own.stream()
                        .collect(
                                java.util.stream.Collectors.toMap(
                                        Mount::id, mount -> mount, (first, _) -> first)));
    }

    /// A path as its file system has it; empty if it lies on another device.
    Optional<String> inside(String path, long device) {
        return Mount.inside(own, path, device);
    }

    /// The same for what a process holds. A file that was deleted is known by its name alone, so a
    /// name that cannot be understood is blind.
    Optional<String> inside(Held held, long device) throws CannotLookException {
        Optional<String> inside =
                held.mount() < 0
                        ? inside(held.text(), device)
                        : Optional.ofNullable(byId.get(held.mount()))
                                .filter(mount -> Mount.isAtOrBelow(held.text(), mount.point()))
                                .flatMap(
                                        mount -> Mount.inside(List.of(mount), held.text(), device));
        boolean isLayered =
                own.stream().anyMatch(m -> m.point().equals("/") && m.type().equals("overlay"));
        if (held.mount() < 0 && isLayered) {
            return inside; // a container's program, by a name that only its layers know
        }
        if (inside.isEmpty() && held.deleted() && held.key().device() == device) {
            throw new CannotLookException(
                    "where a deleted file of this file system lay is not seen: " + held.text(),
                    "end the process that holds it");
        }
        return inside;
    }
}
