package io.backstay.guard.internal;

import io.backstay.guard.GuardRequest;
import java.util.List;

/// All that the probes of a whole host look at.
///
/// @param own local mounts of this process; what the n-th shows without the mounts on it is the
///   decoys' n-th uncovered folder
/// @param deadlineNanos until when disks may be read
record HostWorld(
        GuardRequest request,
        ProcessTable table,
        List<Mount> own,
        Decoys decoys,
        long deadlineNanos) {}
