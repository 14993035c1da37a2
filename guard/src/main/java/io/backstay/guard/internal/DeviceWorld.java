package io.backstay.guard.internal;

import io.backstay.doors.kernel.Descriptor;

/// All that the probes of a device look at.
///
/// @param held the device, held open by this process since before the table was read: a control,
///   and not counted as a user
/// @param deadlineNanos until when it may be read
record DeviceWorld(
        BlockDevice device,
        ProcessTable table,
        Decoys decoys,
        Descriptor held,
        long deadlineNanos) {

    boolean isOwn(ProcessFacts process, ProcessFacts.Held thing) {
        return process.pid() == ProcessHandle.current().pid()
                && thing.descriptor() == held.number();
    }
}
