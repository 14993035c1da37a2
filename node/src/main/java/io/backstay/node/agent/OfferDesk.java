package io.backstay.node.agent;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.GuardedAct;
import io.backstay.guard.Interlock;
import io.backstay.guard.Target;
import io.backstay.ledger.Ledger;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.operation.FencedEnd;
import io.backstay.rollout.protocol.Challenge;
import io.backstay.rollout.protocol.HostIdentity;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an agent does with one offer.
///
/// ```
/// known effect? ─ended─► the same outcome again (a failure only if it destroys)
///       ├─destructive and begun─► in doubt
///       └─► allowed here? ─► (guard) ─► challenge ─► permit good? ─► nonce burned ─► intent ─► act ─► outcome
/// ```
final class OfferDesk {
    /// Cancels a recorded undo: argument `effect`.
    private static final String CANCEL_UNDO = "undo.cancel";

    /// Asks the guard without doing anything: argument `operation`, the name of a guarded
    /// operation.
    private static final String LOOK_GUARD = "look.guard";

    private static final Outcome.Reason NO_TARGET =
            new Outcome.Reason(
                    Outcome.NO_TARGET,
                    "permit",
                    "there is nothing to destroy: an empty target set is no permission");

    private final AgentConfig config;
    private final Ledger ledger;
    private final ControllerLink link;
    private final UndoDebts debts;
    private final Time time;
    private final EffectHistory history;
    private final HostIdentityFile identity;
    private final Guard guard = Guard.ofThisHost();
    private final SecureRandom random = new SecureRandom();

    private OfferDesk(
            AgentConfig config,
            Ledger ledger,
            ControllerLink link,
            UndoDebts debts,
            Time time,
            EffectHistory history) {
        this.config = config;
        this.ledger = ledger;
        this.link = link;
        this.debts = debts;
        this.time = time;
        this.history = history;
        this.identity = new HostIdentityFile(config.host().stateFolder());
    }

    static OfferDesk open(
            AgentConfig config, Ledger ledger, ControllerLink link, UndoDebts debts, Time time) {
        var holds = new Holds();
        EffectHistory history = OwnChain.replay(ledger, debts, holds);
        holds.putBack(ledger, config.host().name(), history);
        return new OfferDesk(config, ledger, link, debts, time, history);
    }

    Outcome handle(Offer offer) throws InterruptedException, IOException {
        if (offer.operation().equals(LOOK_GUARD)) {
            return lookGuard(offer);
        }
        OperationSpec spec = config.operations().get(offer.operation());
        if (spec != null && spec.changesNothing()) {
            return perform(spec, offer);
        }
        Optional<Outcome> ended =
                history.findEnded(
                        offer.effectId(), config.guarded().containsKey(offer.operation()));
        if (ended.isPresent()) {
            return ended.get();
        }
        Outcome outcome = handleNew(offer);
        if (!(outcome instanceof Outcome.InDoubt)) {
            history.end(offer.effectId(), outcome);
        }
        return outcome;
    }

    private Outcome handleNew(Offer offer) throws InterruptedException, IOException {
        GuardedSpec guarded = config.guarded().get(offer.operation());
        if (guarded != null) {
            if (history.isBegun(offer.effectId())) {
                String why =
                        "%s was begun on %s and its end is not written down"
                                .formatted(offer.operation(), config.host().name());
                write("step.unknown", offer, Map.of("why", why));
                return new Outcome.InDoubt(why);
            }
            return refusedArguments(offer, guarded.parameters())
                    .orElseGet(() -> destroy(guarded, offer));
        }
        OperationSpec spec = config.operations().get(offer.operation());
        if (spec == null && !offer.operation().equals(CANCEL_UNDO)) {
            return refuse(
                    offer,
                    "operation",
                    "no operation %s in this host's configuration, found %s"
                            .formatted(offer.operation(), config.operations().keySet()));
        }
        Set<String> parameters = spec == null ? Set.of("effect") : spec.operation().parameters();
        Optional<Outcome> wrong = refusedArguments(offer, parameters);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        PermitWindow window;
        switch (askPermit(offer, "", config.host().folders().data(), false)) {
            case Asked.Denied(Outcome outcome) -> {
                return outcome;
            }
            case Asked.Granted(PermitWindow granted) -> window = granted;
        }
        if (spec == null) {
            return cancelUndo(offer);
        }
        Optional<String> tooLate = window.fault(time.sinceBoot());
        if (tooLate.isPresent()) {
            return refuse(offer, "permit", tooLate.get());
        }
        spec.undo()
                .ifPresent(
                        undo ->
                                debts.record(
                                        new UndoDebts.Debt(
                                                offer.effectId(),
                                                spec.name(),
                                                Time.bootId(),
                                                time.sinceBoot().plus(undo.after())),
                                        offer.changeDigest()));
        write("step.intent", offer, Map.of("operation", offer.operation(), "destructive", false));
        history.begin(offer.effectId());
        Outcome outcome = performOwing(spec, offer);
        if (outcome instanceof Outcome.Done) {
            // before the end is written: an agent killed in between begins it again, and settles
            debts.settle(spec.name(), offer.changeDigest());
        }
        writeEnd(offer, outcome);
        return outcome;
    }

    /// Performs an operation whose undo, if it has one, is recorded: was that paid while it ran,
    /// then what it did since is taken back here.
    private Outcome performOwing(OperationSpec spec, Offer offer) {
        debts.begin(offer.effectId());
        Outcome outcome = perform(spec, offer);
        boolean isStillOwed = debts.end(offer.effectId());
        if (spec.undo().isEmpty() || isStillOwed) {
            return outcome;
        }
        OperationSpec.Undo undo = spec.undo().get();
        try {
            undo.operation().run(config.host(), Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.InDoubt("the agent was stopped while it ran " + undo.name());
        } catch (Exception e) {
            return new Outcome.InDoubt(
                    "its undo was paid while it ran, and %s after it did not succeed: %s"
                            .formatted(undo.name(), e.getMessage()));
        }
        return new Outcome.Failed(
                "its undo was paid while it ran, after %d s; it was taken back by %s"
                        .formatted(undo.after().toSeconds(), undo.name()));
    }

    private Outcome cancelUndo(Offer offer) {
        String effect = offer.arguments().getOrDefault("effect", "");
        if (debts.cancel(effect, offer.changeDigest())) {
            return new Outcome.Done(Map.of("cancelled", effect));
        }
        return refuse(
                offer,
                "undo",
                "the undo of %s is not open: it was paid, or never recorded".formatted(effect));
    }

    private Outcome perform(OperationSpec spec, Offer offer) {
        try {
            return new Outcome.Done(spec.operation().run(config.host(), offer.arguments()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.InDoubt("the agent was stopped while it ran " + spec.name());
        } catch (Exception e) {
            return new Outcome.Failed(
                    e instanceof Problem ? String.valueOf(e.getMessage()) : e.toString());
        }
    }

    /// A guard's answer to each target, and nothing else.
    private Outcome lookGuard(Offer offer) {
        GuardedSpec spec = config.guarded().get(offer.arguments().getOrDefault("operation", ""));
        if (spec == null) {
            return new Outcome.Refused(
                    List.of(
                            new Outcome.Reason(
                                    "operation", "permit", "no such guarded operation")));
        }
        List<Target> targets = spec.targets().apply(config.host());
        if (targets.isEmpty()) {
            return new Outcome.Refused(List.of(NO_TARGET));
        }
        var reasons = new ArrayList<Outcome.Reason>();
        for (Target target : targets) {
            GuardAnswer answer = guard.check(request(spec, target));
            List<Outcome.Reason> found = GuardLook.reasons(answer);
            write(
                    answer.isCleared() ? "guard.looked" : "guard.would-refuse",
                    offer,
                    evidence(spec.name(), target, answer, found));
            reasons.addAll(found);
        }
        return reasons.isEmpty()
                ? new Outcome.Done(Map.of("verdict", "cleared"))
                : new Outcome.Refused(reasons);
    }

    private Outcome destroy(GuardedSpec spec, Offer offer) {
        List<Target> targets = spec.targets().apply(config.host());
        if (targets.isEmpty()) {
            return refuse(offer, NO_TARGET.probe(), NO_TARGET.says());
        }
        for (int i = 0; i < targets.size(); i++) {
            Outcome outcome = destroyOne(spec, offer, targets.get(i));
            if (outcome instanceof Outcome.Refused refused && i > 0) {
                // a refusal says that nothing was done; here something was
                var failed =
                        new Outcome.Failed(
                                "%d of %d targets are gone, then %s was refused: %s"
                                        .formatted(
                                                i,
                                                targets.size(),
                                                targets.get(i).text(),
                                                refused.reasons()));
                writeEnd(offer, failed);
                return failed;
            }
            if (!(outcome instanceof Outcome.Done)) {
                return outcome;
            }
        }
        Outcome done = new Outcome.Done(Map.of("targets", Integer.toString(targets.size())));
        writeEnd(offer, done);
        return done;
    }

    private Outcome destroyOne(GuardedSpec spec, Offer offer, Target target) {
        DatabaseHost host = config.host();
        GuardRequest request = request(spec, target);
        GuardAnswer first = guard.check(request);
        if (!first.isCleared()) {
            List<Outcome.Reason> reasons = GuardLook.reasons(first);
            write("guard.refused", offer, evidence(spec.name(), target, first, reasons));
            return new Outcome.Refused(reasons);
        }
        PermitWindow window;
        try {
            switch (askPermit(
                    offer, first.evidenceDigest(), ((Target.PathTarget) target).path(), true)) {
                case Asked.Denied(Outcome outcome) -> {
                    return outcome;
                }
                case Asked.Granted(PermitWindow granted) -> window = granted;
            }
        } catch (IOException e) {
            return refuse(
                    offer,
                    "permit",
                    "the controller did not answer the challenge: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refuse(offer, "permit", "the agent is stopping");
        }
        GuardedAct.Outcome end;
        try {
            end =
                    GuardedAct.run(
                            guard,
                            request,
                            new HoldAndIntent(offer, ((Target.PathTarget) target).path(), window),
                            hold -> spec.destroyer().destroy(host, hold.path(), offer.arguments()));
        } catch (PermitWindow.OverException e) {
            // thrown before the intent: nothing was done, and the target has its name again
            return refuse(offer, "permit", String.valueOf(e.getMessage()));
        }
        return switch (end) {
            case GuardedAct.Outcome.Refused refused -> {
                List<Outcome.Reason> reasons = GuardLook.reasons(refused.answer());
                write(
                        "guard.refused",
                        offer,
                        evidence(spec.name(), target, refused.answer(), reasons));
                yield new Outcome.Refused(reasons);
            }
            case GuardedAct.Outcome.Done _ -> new Outcome.Done(Map.of());
            case GuardedAct.Outcome.Failed failed -> {
                write("step.failed", offer, Map.of("problem", failed.why()));
                yield new Outcome.Failed(failed.why());
            }
            case GuardedAct.Outcome.InDoubt doubt -> {
                write("step.unknown", offer, Map.of("why", doubt.why()));
                yield new Outcome.InDoubt(doubt.why());
            }
        };
    }

    /// What of a guarded act stands in this host's chain before it happens.
    private final class HoldAndIntent implements GuardedAct.Recorder {
        private final Offer offer;
        private final Path target;
        private final PermitWindow window;

        HoldAndIntent(Offer offer, Path target, PermitWindow window) {
            this.offer = offer;
            this.target = target;
            this.window = window;
        }

        @Override
        public void holding(Path held) {
            write(
                    "interlock.begun",
                    offer,
                    Map.of("target", target.toString(), "held", held.toString()));
        }

        @Override
        public void intent(GuardAnswer answer, Path held, Interlock.Kind kind) {
            // two looks and the leases lie between the permit and here
            window.requireOpen(time.sinceBoot());
            write(
                    "step.intent",
                    offer,
                    Map.of(
                            "operation", offer.operation(),
                            "destructive", true,
                            "target", "path:" + target,
                            "held", held.toString(),
                            "interlock", kind.name(),
                            "evidence", answer.evidenceDigest()));
            history.begin(offer.effectId());
        }
    }

    private GuardRequest request(GuardedSpec spec, Target target) {
        Optional<MariaDbGtidState> fencedEnd =
                spec.needsBoundEnd() && target instanceof Target.PathTarget(Path folder)
                        ? FencedEnd.find(config.host(), folder)
                        : Optional.empty();
        return new GuardRequest(spec.name(), target, spec.view().apply(config.host()), fencedEnd);
    }

    /// What came of a question for a permit.
    private sealed interface Asked {

        record Granted(PermitWindow window) implements Asked {}

        record Denied(Outcome outcome) implements Asked {}
    }

    /// Asks for a permit and burns it.
    private Asked askPermit(Offer offer, String evidenceDigest, Path target, boolean destructive)
            throws IOException, InterruptedException {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String nonce = HexFormat.of().formatHex(bytes);
        HostIdentity self = identity.read(target);
        Duration issued = time.sinceBoot();
        var challenge =
                new Challenge(
                        offer.effectId(), nonce, self, offer.operationDigest(), evidenceDigest);
        return switch (link.challenge(challenge)) {
            case ControllerLink.PermitAnswer.Denied denied ->
                    new Asked.Denied(
                            refuse(
                                    offer,
                                    "permit",
                                    "the controller denied it: " + denied.reason()));
            case ControllerLink.PermitAnswer.Granted granted -> {
                var check = new PermitCheck(config, offer, challenge, destructive);
                yield switch (check.check(
                        granted.leave(), time.sinceBoot().minus(issued), time.now())) {
                    case PermitCheck.Answer.Bad bad ->
                            new Asked.Denied(refuse(offer, "permit", bad.says()));
                    case PermitCheck.Answer.Good good -> {
                        // burned before anything is done: the same leave is never good twice
                        write(
                                "permit.burned",
                                offer,
                                Map.of("nonce", nonce, "controllerHead", good.controllerHead()));
                        yield new Asked.Granted(new PermitWindow(issued, good.validFor()));
                    }
                };
            }
        };
    }

    private Optional<Outcome> refusedArguments(Offer offer, Set<String> parameters) {
        if (offer.arguments().keySet().equals(parameters)) {
            return Optional.empty();
        }
        return Optional.of(
                refuse(
                        offer,
                        "arguments",
                        "%s takes %s, found %s"
                                .formatted(
                                        offer.operation(),
                                        parameters,
                                        offer.arguments().keySet())));
    }

    private Outcome refuse(Offer offer, String probe, String says) {
        var reasons = List.of(new Outcome.Reason(probe, "permit", says));
        write("permit.denied", offer, Map.of("reasons", probe + ": " + says));
        return new Outcome.Refused(reasons);
    }

    private static Map<String, Object> evidence(
            String operation, Target target, GuardAnswer answer, List<Outcome.Reason> reasons) {
        return Map.of(
                "operation",
                operation,
                "target",
                target.text(),
                "evidence",
                answer.evidenceDigest(),
                "reasons",
                reasons);
    }

    private void writeEnd(Offer offer, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done done -> write("step.acted", offer, new LinkedHashMap<>(done.facts()));
            case Outcome.Failed failed ->
                    write("step.failed", offer, Map.of("problem", failed.problem()));
            case Outcome.InDoubt doubt -> write("step.unknown", offer, Map.of("why", doubt.why()));
            case Outcome.Refused refused ->
                    write("permit.denied", offer, Map.of("reasons", refused.reasons().toString()));
        }
    }

    private void write(String type, Offer offer, Map<String, ?> more) {
        var body = new LinkedHashMap<String, Object>(more);
        body.put("effect", offer.effectId());
        ledger.append(type, config.host().name(), offer.changeDigest(), body);
    }
}
