package io.backstay.rollout.protocol;

import java.util.List;

/// A controller's answer to a challenge: a sealed permit, with what it rests on.
///
/// Nothing in it is believed for being here: the agent verifies each envelope with keys in its own
/// configuration.
///
/// @param permit DSSE envelope as JSON text
/// @param approvals DSSE envelopes as JSON text
/// @param breakGlass DSSE envelope as JSON text; empty if the gate said yes by itself
public record Leave(String permit, List<String> approvals, String breakGlass) {
    public Leave {
        approvals = List.copyOf(approvals);
    }
}
