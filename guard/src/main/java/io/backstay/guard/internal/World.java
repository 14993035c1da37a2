package io.backstay.guard.internal;

import io.backstay.doors.kernel.Descriptor;
import io.backstay.guard.GuardRequest;
import java.util.Map;

/// All that the probes of one check look at.
///
/// @param held descriptors by which the interlock already holds files: asked through themselves,
///   and not counted as foreign
record World(
        GuardRequest request,
        Place target,
        ProcessTable table,
        Decoys decoys,
        Map<FileKey, Descriptor> held) {

    boolean isOwn(ProcessFacts process, ProcessFacts.Held thing) {
        Descriptor descriptor = held.get(thing.key());
        return descriptor != null
                && process.pid() == ProcessHandle.current().pid()
                && thing.descriptor() == descriptor.number();
    }
}
