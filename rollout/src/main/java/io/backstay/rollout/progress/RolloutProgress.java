package io.backstay.rollout.progress;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where each member of a run stands. Immutable; derived from nothing but the facts.
///
/// - A step is done at most once an attempt; a member that was backed out begins its next attempt
///   from its first step.
/// - A run that is frozen stays frozen until two people decide.
/// - A refused or unknown step is never sent again within its attempt.
public final class RolloutProgress {
    private final Map<String, Member> members;
    private final Set<String> wavesJudged;
    private final Optional<String> frozen;

    private RolloutProgress(
            Map<String, Member> members, Set<String> wavesJudged, Optional<String> frozen) {
        this.members = members;
        this.wavesJudged = wavesJudged;
        this.frozen = frozen;
    }

    /// @param attempt from 1
    /// @param open the step whose intent is durable and whose end is not; empty if none
    record Member(int attempt, Set<String> done, Optional<String> open, Set<String> barred) {
        static final Member NEW = new Member(1, Set.of(), Optional.empty(), Set.of());
    }

    public static RolloutProgress of(Collection<RolloutFact> facts) {
        var members = new HashMap<String, Member>();
        var waves = new HashSet<String>();
        Optional<String> frozen = Optional.empty();
        for (RolloutFact fact : facts) {
            switch (fact) {
                case RolloutFact.StepIntended f ->
                        update(
                                members,
                                f.host(),
                                f.attempt(),
                                m ->
                                        new Member(
                                                m.attempt(),
                                                m.done(),
                                                Optional.of(f.step()),
                                                m.barred()));
                case RolloutFact.StepDone f ->
                        update(
                                members,
                                f.host(),
                                f.attempt(),
                                m ->
                                        new Member(
                                                m.attempt(),
                                                with(m.done(), f.step()),
                                                Optional.empty(),
                                                m.barred()));
                case RolloutFact.StepRefused f -> bar(members, f.host(), f.attempt(), f.step());
                case RolloutFact.StepUnknown f -> bar(members, f.host(), f.attempt(), f.step());
                case RolloutFact.StepFailed f ->
                        update(
                                members,
                                f.host(),
                                f.attempt(),
                                m ->
                                        new Member(
                                                m.attempt(),
                                                m.done(),
                                                Optional.empty(),
                                                m.barred()));
                case RolloutFact.MemberBackedOut f ->
                        members.put(
                                f.host(),
                                new Member(f.attempt() + 1, Set.of(), Optional.empty(), Set.of()));
                case RolloutFact.WaveJudged f -> waves.add(f.wave());
                case RolloutFact.Frozen f -> frozen = Optional.of(f.reason());
                case RolloutFact.DecidedToGoOn _ -> frozen = Optional.empty();
            }
        }
        return new RolloutProgress(Map.copyOf(members), Set.copyOf(waves), frozen);
    }

    public int attempt(String host) {
        return member(host).attempt();
    }

    public boolean isDone(String host, String step) {
        return member(host).done().contains(step);
    }

    /// True if this step may not be sent again in this attempt: it was refused, or nobody knows how
    /// it ended.
    public boolean isBarred(String host, String step) {
        return member(host).barred().contains(step);
    }

    /// The step whose end is not known; its host is asked how it ended before anything else is done
    /// there.
    public Optional<String> openStep(String host) {
        return member(host).open();
    }

    public boolean isWaveJudged(String wave) {
        return wavesJudged.contains(wave);
    }

    /// Why the run is frozen; empty while it is not.
    public Optional<String> frozen() {
        return frozen;
    }

    private Member member(String host) {
        return members.getOrDefault(host, Member.NEW);
    }

    private static void bar(Map<String, Member> members, String host, int attempt, String step) {
        update(
                members,
                host,
                attempt,
                m -> new Member(m.attempt(), m.done(), Optional.empty(), with(m.barred(), step)));
    }

    /// A fact of an attempt that is over says nothing about the present one.
    private static void update(
            Map<String, Member> members,
            String host,
            int attempt,
            java.util.function.UnaryOperator<Member> change) {
        Member member = members.getOrDefault(host, Member.NEW);
        if (member.attempt() == attempt) {
            members.put(host, change.apply(member));
        }
    }

    private static Set<String> with(Set<String> set, String element) {
        var larger = new HashSet<>(set);
        larger.add(element);
        return Set.copyOf(larger);
    }
}
