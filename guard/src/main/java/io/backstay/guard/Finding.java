package io.backstay.guard;

/// What one probe saw. There is no fourth case and no default: a probe that threw, hung or was not
/// run is [Blind].
public sealed interface Finding {

    String probe();

    /// Data or a user of it is there.
    record Live(String probe, String evidence) implements Finding {}

    /// Nothing is there, said by a detector that had just found its decoy.
    record Clear(String probe, ProofOfSight proof) implements Finding {}

    /// The probe could not look. Never safe.
    record Blind(String probe, String reason, String remedy) implements Finding {}
}
