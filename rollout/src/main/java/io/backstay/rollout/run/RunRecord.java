package io.backstay.rollout.run;

import io.backstay.rollout.progress.RolloutFact;
import io.backstay.rollout.progress.RolloutProgress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The facts of one run, in memory and in the journal: in the journal first.
///
/// Threads: safe for use by several.
public final class RunRecord {
    private final Journal journal;
    private final String runId;
    private final List<RolloutFact> facts;
    private boolean stopped;

    /// @param facts what the journal already holds of this run
    public RunRecord(Journal journal, String runId, List<RolloutFact> facts) {
        this.journal = journal;
        this.runId = runId;
        this.facts = new ArrayList<>(facts);
    }

    public synchronized RolloutProgress progress() {
        return RolloutProgress.of(facts);
    }

    /// Writes a fact down, then lets it be true.
    public synchronized void fact(RolloutFact fact, Map<String, String> more) {
        FactEntry entry = FactEntry.of(fact);
        var body = new HashMap<>(entry.body());
        more.forEach(body::putIfAbsent);
        body.put("run", runId);
        journal.append(entry.type(), entry.host(), body);
        facts.add(fact);
    }

    /// Writes down what no state depends on.
    public void append(String type, String host, Map<String, String> more) {
        var body = new HashMap<>(more);
        body.put("run", runId);
        journal.append(type, host, body);
    }

    /// Whether a step's intent was written down in the member's present attempt.
    synchronized boolean wasIntended(String host, String step) {
        int attempt = progress().attempt(host);
        return facts.stream()
                .anyMatch(
                        fact ->
                                fact
                                                instanceof
                                                RolloutFact.StepIntended(
                                                        String on,
                                                        int in,
                                                        String what)
                                        && on.equals(host)
                                        && in == attempt
                                        && what.equals(step));
    }

    /// No lane begins another step.
    synchronized void stop() {
        stopped = true;
    }

    synchronized boolean isStopped() {
        return stopped;
    }
}
