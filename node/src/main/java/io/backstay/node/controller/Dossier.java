package io.backstay.node.controller;

import io.backstay.change.evidence.Subjects;
import java.util.List;

/// What permits of one change rest on.
///
/// @param approvals DSSE envelopes as JSON text
/// @param approvalDigests as the approvals are referred to, sorted
/// @param breakGlass DSSE envelope as JSON text; empty if the gate said yes by itself
/// @param breakGlassDigest empty likewise
public record Dossier(
        Subjects subjects,
        List<String> approvals,
        List<String> approvalDigests,
        String breakGlass,
        String breakGlassDigest) {
    public Dossier {
        approvals = List.copyOf(approvals);
        approvalDigests = List.copyOf(approvalDigests);
    }
}
