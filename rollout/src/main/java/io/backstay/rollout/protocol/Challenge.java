package io.backstay.rollout.protocol;

/// An agent's question for a permit: a nonce of its own, its identity, what it has been asked for,
/// what it has seen.
///
/// @param evidenceDigest of the guard's answer a moment ago; empty where the operation is not
///   guarded
public record Challenge(
        String effectId,
        String nonce,
        HostIdentity identity,
        String operationDigest,
        String evidenceDigest) {}
