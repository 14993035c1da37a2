package io.backstay.change.state;

/// A fact about a planned change of source.
public sealed interface SwitchoverEvent {

    record CandidateCaughtUp() implements SwitchoverEvent {}

    /// @param undo armed on the source's own host before writes stopped
    record SourceFenced(String undo) implements SwitchoverEvent {}

    record GtidsEqual(String gtids) implements SwitchoverEvent {}

    record CandidatePromoted() implements SwitchoverEvent {}

    record WritesThawed() implements SwitchoverEvent {}

    record ReplicasRepointed() implements SwitchoverEvent {}

    record ServiceVerified() implements SwitchoverEvent {}

    record UndoPaid() implements SwitchoverEvent {}

    /// An error, or a deadline that has passed.
    record Failed(String reason) implements SwitchoverEvent {}
}
