package io.backstay.change;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What `change.yaml` says, field by field. Everything a reviewer must see is here as it was
/// written: there is no default for targets, expect, downtime, back-out or owner.
///
/// @param work what kinds of work it is, such as `server-upgrade`
/// @param verify checks after each member, by name
public record Change(
        Metadata metadata,
        Kind type,
        List<String> work,
        String reason,
        Targets targets,
        Order order,
        Downtime downtime,
        Preconditions preconditions,
        List<Step> steps,
        List<String> verify,
        List<Wave> waves,
        OnFailure onFailure,
        Backout backout,
        Restore restore,
        Rehearsal rehearsal) {

    public String id() {
        return metadata.id();
    }

    /// Ids of the steps that nothing takes back.
    public List<String> irreversibleSteps() {
        return steps.stream().filter(s -> s.irreversible().isPresent()).map(Step::id).toList();
    }

    public Optional<Step> findStep(String stepId) {
        return steps.stream().filter(s -> s.id().equals(stepId)).findFirst();
    }

    /// @param editors everyone who wrote in the file, author and last editor included
    public record Metadata(
            String id,
            String title,
            String owner,
            String author,
            Set<String> editors,
            List<String> reviewers,
            Optional<String> ticket) {}

    public enum Kind {
        NORMAL,
        STANDARD,
        EMERGENCY
    }

    /// How members are taken.
    ///
    /// @param perCluster always 1
    /// @param acrossClusters clusters of one wave at the same time, at least 1
    /// @param sourceLast always true
    public record Order(int perCluster, int acrossClusters, boolean sourceLast) {}

    /// The agreed limit, as a client sees it.
    public record Downtime(Duration writesPerCluster, Duration readsPerCluster, Duration total) {}

    /// @param minHealthyMembersLeft while one member of a cluster is worked on, at least so many
    ///   others are healthy
    public record Preconditions(int minHealthyMembersLeft) {}

    /// Clusters taken together, and hosts without a cluster.
    public record Wave(String name, Amount clusters, Amount spares) {}

    /// How many of what is left.
    public sealed interface Amount {

        record Exactly(int number) implements Amount {}

        record Rest() implements Amount {}
    }

    public enum OnFailure {
        FREEZE,
        BACKOUT_MEMBER
    }

    /// @param until the step after which there is no way back by undo; empty if there is always one
    /// @param plan how: `per-step-undo`
    public record Backout(Optional<String> until, String plan, boolean isDataLossAllowed) {}

    /// @param rto the longest a restore of one cluster may take
    public record Restore(Duration rto, String source) {}

    /// @param faults injected in the rehearsal, by name
    /// @param repeats clean runs asked for
    /// @param validFor how long its evidence holds
    public record Rehearsal(
            List<String> faults, int repeats, Duration validFor, List<String> acceptUnknowns) {}
}
