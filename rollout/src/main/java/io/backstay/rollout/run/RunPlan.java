package io.backstay.rollout.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What one run does, in its order: wave after wave; in a wave one lane a cluster, lanes side by
/// side; in a lane one member after the other, and never two at once.
public record RunPlan(
        String changeDigest, String runId, List<Wave> waves, int lanesMax, boolean backOutMember) {
    public RunPlan {
        waves = List.copyOf(waves);
    }

    public record Wave(String name, List<Lane> lanes) {
        public Wave {
            lanes = List.copyOf(lanes);
        }
    }

    /// @param cluster empty for hosts that belong to none
    public record Lane(String cluster, List<Member> members) {
        public Lane {
            members = List.copyOf(members);
        }
    }

    /// @param isSource whether it is the source when the run begins; its lane moves the source
    ///   before it is touched
    public record Member(String host, boolean isSource, List<Step> steps) {
        public Member {
            steps = List.copyOf(steps);
        }
    }

    /// @param operation what the host is asked for
    /// @param undo operation that takes it back; empty if nothing does
    public record Step(
            String id,
            String operation,
            Map<String, String> arguments,
            String undo,
            boolean destructive,
            Duration timeout) {
        public Step {
            arguments = Map.copyOf(arguments);
        }
    }

    /// The same effect has the same id, also after a crash; a try that people decided on is another
    /// effect.
    ///
    /// @param tryNumber from 1
    String effectId(String host, int attempt, String step, int tryNumber) {
        String first = effectId(host, attempt, step);
        return tryNumber == 1 ? first : first + "/try-" + tryNumber;
    }

    /// Of the first try.
    public String effectId(String host, int attempt, String step) {
        return runId + "/" + host + "/" + attempt + "/" + step;
    }
}
