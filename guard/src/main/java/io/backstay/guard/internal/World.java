package io.backstay.guard.internal;

import io.backstay.doors.kernel.Descriptor;
import io.backstay.guard.GuardRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that the probes of one check look at.
///
/// @param held descriptors by which the interlock already holds files: asked through themselves,
///   and not counted as foreign
record World(
        GuardRequest request,
        Place target,
        Optional<Place> beneath,
        ProcessTable table,
        Decoys decoys,
        Map<FileKey, Descriptor> held,
        Map<String, Long> leases) {

    /// The target, and what lies beneath it where it is a mount point.
    List<Place> places() {
        return beneath.isPresent() ? List.of(target, beneath.get()) : List.of(target);
    }

    /// What a process holds of a place, the interlock's own locks left out.
    List<ProcessFacts.Held> holdings(ProcessFacts process, Place place) throws CannotLookException {
        return Scope.holdings(process, place, table.mountsOf(process)).stream()
                .filter(thing -> !isOwn(process, thing))
                .toList();
    }

    private boolean isOwn(ProcessFacts process, ProcessFacts.Held thing) {
        Descriptor descriptor = held.get(thing.key());
        return descriptor != null
                && process.pid() == ProcessHandle.current().pid()
                && thing.descriptor() == descriptor.number();
    }

    <T> T require(@org.jspecify.annotations.Nullable T value, String what) {
        if (value == null) {
            throw new IllegalStateException("nothing was seen of " + what);
        }
        return value;
    }
}
