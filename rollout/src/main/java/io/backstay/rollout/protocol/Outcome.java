package io.backstay.rollout.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/// How an offer ended on its host. There is no fifth case: an agent that does not answer leaves the
/// step in doubt.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Outcome.Done.class, name = "done"),
    @JsonSubTypes.Type(value = Outcome.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Outcome.InDoubt.class, name = "in-doubt")
})
public sealed interface Outcome {
    /// Probe of the one reason of a refusal when there is nothing to destroy.
    String NO_TARGET = "target";

    /// @param facts what was measured or seen, by name; empty is nothing to say
    record Done(Map<String, String> facts) implements Outcome {
        public Done {
            facts = Map.copyOf(facts);
        }
    }

    /// Nothing was done, and a repetition is no remedy: a person must look.
    record Refused(List<Reason> reasons) implements Outcome {
        public Refused {
            reasons = List.copyOf(reasons);
        }
    }

    /// It was begun, and ended with an error.
    record Failed(String problem) implements Outcome {}

    /// It may or may not have happened. Never repeated without a fresh look.
    record InDoubt(String why) implements Outcome {}

    /// @param probe which part of the host said no
    /// @param finding `live`, `blind`, or `permit` when the leave itself was not good
    record Reason(String probe, String finding, String says) {}
}
