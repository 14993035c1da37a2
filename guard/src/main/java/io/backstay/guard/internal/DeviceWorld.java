package io.backstay.guard.internal;

import io.backstay.doors.kernel.Descriptor;
import java.util.List;

/// All that the probes of a device look at.
///
/// @param own descriptors of the device that this process has open since before the table was read:
///   a control, and not counted as users; never empty
/// @param isHeld the interlock holds the kernel's claim of it
/// @param deadlineNanos until when it may be read
record DeviceWorld(
        BlockDevice device,
        ProcessTable table,
        Decoys decoys,
        List<Descriptor> own,
        boolean isHeld,
        long deadlineNanos) {}
