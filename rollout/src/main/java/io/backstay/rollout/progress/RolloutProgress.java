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
/// - A step that was refused, failed or is unknown is never sent again without a decision. A
///   decision begins a new try of exactly the step that the run was frozen at, and of no other.
public final class RolloutProgress {
    private final Map<String, Member> members;
    private final Set<String> wavesJudged;
    private final Optional<RolloutFact.Frozen> frozen;

    private RolloutProgress(
            Map<String, Member> members,
            Set<String> wavesJudged,
            Optional<RolloutFact.Frozen> frozen) {
        this.members = members;
        this.wavesJudged = wavesJudged;
        this.frozen = frozen;
    }

    /// Where one step of a member stands in its attempt.
    ///
    /// ```
    /// new ──intent──► open ──► done | refused | failed | unknown
    ///  ▲ └──────────refused───decided───────────┘          │
    ///  └──looked at── unseen ◄───────────decided───────────┘ (also from failed)
    /// ```
    private enum State {
        NEW,
        OPEN,
        DONE,
        REFUSED,
        FAILED,
        UNKNOWN,
        /// Decided on, and not looked at since.
        UNSEEN
    }

    /// @param tryNumber from 1
    private record Step(State state, int tryNumber) {
        static final Step NEW = new Step(State.NEW, 1);

        Step to(State next) {
            return new Step(next, tryNumber);
        }

        Step decided() {
            return switch (state) {
                case REFUSED -> new Step(State.NEW, tryNumber + 1);
                case FAILED, UNKNOWN -> new Step(State.UNSEEN, tryNumber + 1);
                case NEW, OPEN, DONE, UNSEEN -> this;
            };
        }
    }

    /// @param attempt from 1
    private record Member(int attempt, Map<String, Step> steps) {
        static final Member NEW = new Member(1, Map.of());

        Step step(String id) {
            return steps.getOrDefault(id, Step.NEW);
        }

        Optional<String> find(State state) {
            return steps.entrySet().stream()
                    .filter(step -> step.getValue().state() == state)
                    .map(Map.Entry::getKey)
                    .findFirst();
        }

        Member with(String id, Step step) {
            var changed = new HashMap<>(steps);
            changed.put(id, step);
            return new Member(attempt, Map.copyOf(changed));
        }
    }

    public static RolloutProgress of(Collection<RolloutFact> facts) {
        var members = new HashMap<String, Member>();
        var waves = new HashSet<String>();
        Optional<RolloutFact.Frozen> frozen = Optional.empty();
        for (RolloutFact fact : facts) {
            switch (fact) {
                case RolloutFact.StepIntended f ->
                        move(members, f.host(), f.attempt(), f.step(), State.OPEN);
                case RolloutFact.StepDone f ->
                        move(members, f.host(), f.attempt(), f.step(), State.DONE);
                case RolloutFact.StepRefused f ->
                        move(members, f.host(), f.attempt(), f.step(), State.REFUSED);
                case RolloutFact.StepFailed f ->
                        move(members, f.host(), f.attempt(), f.step(), State.FAILED);
                case RolloutFact.StepUnknown f ->
                        move(members, f.host(), f.attempt(), f.step(), State.UNKNOWN);
                case RolloutFact.StepLookedAt f ->
                        move(members, f.host(), f.attempt(), f.step(), State.NEW);
                case RolloutFact.MemberBackedOut f ->
                        members.put(f.host(), new Member(f.attempt() + 1, Map.of()));
                case RolloutFact.WaveJudged f -> waves.add(f.wave());
                case RolloutFact.Frozen f -> frozen = Optional.of(f);
                case RolloutFact.DecidedToGoOn _ -> {
                    frozen.ifPresent(f -> decide(members, f.host(), f.step()));
                    frozen = Optional.empty();
                }
            }
        }
        return new RolloutProgress(Map.copyOf(members), Set.copyOf(waves), frozen);
    }

    public int attempt(String host) {
        return member(host).attempt();
    }

    /// Which try of a step this is in its attempt, from 1.
    public int tryNumber(String host, String step) {
        return member(host).step(step).tryNumber();
    }

    /// The highest number that a try of any step of this member has, from 1.
    public int tryNumber(String host) {
        return member(host).steps().values().stream().mapToInt(Step::tryNumber).max().orElse(1);
    }

    public boolean isDone(String host, String step) {
        return member(host).step(step).state() == State.DONE;
    }

    /// True if this step may not be sent again without a decision: it was refused, it failed, or
    /// nobody knows how it ended.
    public boolean isBarred(String host, String step) {
        return switch (member(host).step(step).state()) {
            case REFUSED, FAILED, UNKNOWN -> true;
            case NEW, OPEN, DONE, UNSEEN -> false;
        };
    }

    /// True if people let this step go on after it was begun, and nobody has looked since at what
    /// it has left.
    public boolean isUnseen(String host, String step) {
        return member(host).step(step).state() == State.UNSEEN;
    }

    /// The step whose end is not known; its host is asked how it ended before anything else is done
    /// there.
    public Optional<String> openStep(String host) {
        return member(host).find(State.OPEN);
    }

    /// The step of the member's present attempt that failed and that nobody has decided on; its
    /// back-out may be owed.
    public Optional<String> failedStep(String host) {
        return member(host).find(State.FAILED);
    }

    public boolean isWaveJudged(String wave) {
        return wavesJudged.contains(wave);
    }

    /// Where and why the run is frozen; empty while it is not.
    public Optional<RolloutFact.Frozen> frozen() {
        return frozen;
    }

    private Member member(String host) {
        return members.getOrDefault(host, Member.NEW);
    }

    /// A fact of an attempt that is over says nothing about the present one.
    private static void move(
            Map<String, Member> members, String host, int attempt, String step, State next) {
        Member member = members.getOrDefault(host, Member.NEW);
        if (member.attempt() == attempt) {
            members.put(host, member.with(step, member.step(step).to(next)));
        }
    }

    private static void decide(Map<String, Member> members, String host, String step) {
        Member member = members.get(host);
        if (member != null && member.steps().containsKey(step)) {
            members.put(host, member.with(step, member.step(step).decided()));
        }
    }
}
