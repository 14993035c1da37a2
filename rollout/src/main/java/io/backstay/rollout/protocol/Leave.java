package io.backstay.rollout.protocol;

import java.util.List;

/// A controller's answer to a challenge: a sealed permit, with the sealed approvals it rests on.
///
/// Nothing in it is believed for being here: the agent verifies each envelope with keys in its own
/// configuration.
///
/// @param permit DSSE envelope as JSON text
/// @param approvals DSSE envelopes as JSON text
public record Leave(String permit, List<String> approvals) {
    public Leave {
        approvals = List.copyOf(approvals);
    }
}
