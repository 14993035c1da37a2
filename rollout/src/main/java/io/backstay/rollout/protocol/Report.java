package io.backstay.rollout.protocol;

/// An agent's word on how an offer ended, with the head of its own ledger, which the controller's
/// ledger records.
///
/// @param head `writer seq hash`, as in a mirrored head
public record Report(String effectId, Outcome outcome, String head) {}
