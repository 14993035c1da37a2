package io.backstay.rollout.run;

import io.backstay.change.evidence.Decision;
import io.backstay.change.evidence.Statement;
import io.backstay.change.evidence.Subjects;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.TrustedKeys;
import io.backstay.rollout.progress.RolloutFact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Two people's decisions on one run: verified before they are written down, and again whenever the
/// run is read from its entries. An entry that says "decided" and holds no such word decides
/// nothing.
public final class Decisions {
    private final TrustedKeys deciders;
    private final Subjects subjects;
    private final String runId;

    /// @param deciders keys of the people who may decide
    public Decisions(TrustedKeys deciders, Subjects subjects, String runId) {
        this.deciders = deciders;
        this.subjects = subjects;
        this.runId = runId;
    }

    /// The facts that the entries of this run stand for.
    ///
    /// @param entries of this run only, oldest first
    public List<RolloutFact> facts(List<LedgerEntry> entries) {
        var facts = new ArrayList<RolloutFact>();
        String frozen = "";
        for (LedgerEntry entry : entries) {
            Optional<RolloutFact> fact = fact(entry);
            if (fact.isEmpty()) {
                continue;
            }
            if (fact.get() instanceof RolloutFact.DecidedToGoOn decided) {
                if (fault(decided.statement(), frozen).isPresent()) {
                    continue;
                }
                frozen = "";
            } else if (fact.get() instanceof RolloutFact.Frozen) {
                frozen = entry.hash();
            }
            facts.add(fact.get());
        }
        return List.copyOf(facts);
    }

    /// The hash of the entry that the run is frozen by, which a decision must name; empty while it
    /// is not frozen.
    public Optional<String> findFrozen(List<LedgerEntry> entries) {
        Optional<String> frozen = Optional.empty();
        for (LedgerEntry entry : entries) {
            if (entry.type().equals(FactEntry.FROZEN)) {
                frozen = Optional.of(entry.hash());
            } else if (fact(entry).orElse(null) instanceof RolloutFact.DecidedToGoOn decided
                    && fault(decided.statement(), frozen.orElse("")).isEmpty()) {
                frozen = Optional.empty();
            }
        }
        return frozen;
    }

    /// Writes a decision down, if it is one.
    ///
    /// @throws Problem if it is not two people's word on this very freeze
    public void write(RunRecord record, List<LedgerEntry> entries, Envelope decision) {
        String statement = decision.json();
        Optional<String> frozen = findFrozen(entries);
        Optional<String> fault =
                frozen.isEmpty() ? Optional.of("it is not frozen") : fault(statement, frozen.get());
        if (fault.isPresent()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "run %s does not go on: expected a decision by two people on its last freeze, found: %s"
                            .formatted(runId, fault.get()),
                    "let two people look at `backstay ledger show`, and sign a decision each with their own key.");
        }
        record.fact(
                new RolloutFact.DecidedToGoOn(statement),
                Map.of("by", people(decision, frozen.get())));
    }

    private String people(Envelope decision, String frozen) {
        return switch (Decision.verify(decision, deciders, subjects, runId, frozen)) {
            case Statement.Reading.Believed<Decision> believed ->
                    String.join(", ", believed.statement().predicate().people());
            case Statement.Reading.Rejected<Decision>(String reason) ->
                    throw new IllegalStateException(reason);
        };
    }

    /// Why a statement decides nothing; empty if it is two people's word on this freeze.
    private Optional<String> fault(String statement, String frozen) {
        try {
            return switch (Decision.verify(
                    Envelope.parse(statement), deciders, subjects, runId, frozen)) {
                case Statement.Reading.Believed<Decision> _ -> Optional.empty();
                case Statement.Reading.Rejected<Decision>(String reason) -> Optional.of(reason);
            };
        } catch (Problem e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<RolloutFact> fact(LedgerEntry entry) {
        var body = new TreeMap<String, String>();
        entry.body()
                .properties()
                .forEach(property -> body.put(property.getKey(), property.getValue().asString("")));
        return new FactEntry(entry.type(), entry.host(), body).fact();
    }
}
