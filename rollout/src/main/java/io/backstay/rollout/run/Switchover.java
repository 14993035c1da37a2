package io.backstay.rollout.run;

import io.backstay.rollout.protocol.Hosts;
import io.backstay.rollout.protocol.Offer;
import io.backstay.rollout.protocol.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Moves the source of one cluster to a caught-up replica, by plan.
///
/// ```
/// checked ─► caught-up ─► undo recorded ─► fenced ─► drained ─► undo cancelled ─► still fenced ─► promoted ─► thawed ─► repointed
///     └──────────┴─ any failure: undone (the old source takes writes again) ─┘        └─ from here only forward
/// ```
///
/// The old source's own agent pays the recorded undo if nobody cancels it in time. It is cancelled,
/// durably and by that agent, before anyone else is promoted, and then looked at once more: it must
/// still be read-only, with no byte written since the fence (an administrator's session may write
/// in spite of it). Two sources at once are prevented, at the price that a controller which dies
/// between cancel and promote leaves none until it is back.
public final class Switchover {
    private final Hosts hosts;
    private final TrafficDoor door;
    private final RunRecord record;
    private final String changeDigest;
    private final Duration stepDeadline;

    public Switchover(
            Hosts hosts,
            TrafficDoor door,
            RunRecord record,
            String changeDigest,
            Duration stepDeadline) {
        this.hosts = hosts;
        this.door = door;
        this.record = record;
        this.changeDigest = changeDigest;
        this.stepDeadline = stepDeadline;
    }

    /// @param others members that follow the new source afterwards; the old source is not among
    ///   them
    /// @param tryId distinguishes this try from earlier ones of the same run: effects are performed
    ///   once
    /// @param settlement of a try that was cut short; empty for the try itself
    public record Request(
            String cluster,
            String from,
            String to,
            List<String> others,
            String tryId,
            String settlement) {
        public Request {
            others = List.copyOf(others);
        }

        public static Request of(
                String cluster, String from, String to, List<String> others, String tryId) {
            return new Request(cluster, from, to, others, tryId, "");
        }

        Request settledAs(String as) {
            return new Request(cluster, from, to, others, tryId, as);
        }

        String effectId(String part) {
            String settled = settlement.isEmpty() ? "" : settlement + "/";
            return tryId + "/" + cluster + "/" + settled + part;
        }
    }

    /// @return how long no client could write, as seen from here
    public Duration run(Request request) {
        String before =
                require(
                        ask(request, request.from(), "look.facts", "before", Map.of()),
                        "gtidPosition");
        write("switchover.checked", request, Map.of("position", before));
        ask(request, request.to(), "repl.catch-up", "near", Map.of("position", before));

        long clock = System.nanoTime();
        door.hold(request.cluster());
        boolean undoCancelled = false;
        try {
            // the fence's agent writes its undo down, with a deadline, before it fences
            write("switchover.frozen", request, Map.of());
            Map<String, String> fenced =
                    ask(request, request.from(), "mysql.fence", "fence", Map.of());
            String end = require(fenced, "gtidPosition");
            ask(request, request.to(), "repl.catch-up", "drain", Map.of("position", end));
            write("switchover.drained", request, Map.of("position", end));
            ask(
                    request,
                    request.from(),
                    "undo.cancel",
                    "cancel",
                    Map.of("effect", request.effectId("fence")));
            undoCancelled = true;
            write("undo.cancelled", request, Map.of("host", request.from()));
            requireStillFenced(request, require(fenced, "gtidBinlogState"));
            ask(request, request.to(), "repl.promote", "promote", Map.of("position", end));
            write("switchover.promoted", request, Map.of("position", end));
        } catch (StepFailedException e) {
            undo(request, undoCancelled);
            throw e;
        }
        Duration stall = letIn(request, clock);
        repoint(request);
        return stall;
    }

    /// Nobody is promoted beside a source that takes writes, or away from what it has written.
    private void requireStillFenced(Request request, String end) {
        Map<String, String> now =
                ask(request, request.from(), "look.facts", "still-fenced", Map.of());
        String readOnly = require(now, "readOnly");
        String state = require(now, "gtidBinlogState");
        if (!readOnly.equals("1") || !state.equals(end)) {
            throw failed(
                    request.from(),
                    "still-fenced",
                    "expected it read-only and its log at %s, found read_only=%s and %s"
                            .formatted(end, readOnly, state));
        }
    }

    /// The old source takes writes again, unless the candidate may have been promoted: then nobody
    /// does until it is known.
    private void undo(Request request, boolean undoCancelled) {
        if (undoCancelled) {
            if (!candidateIsReplica(request)) {
                throw new StepFailedException(
                        request.to(),
                        Rollout.SWITCHOVER,
                        "it may have been promoted: the old source %s stays fenced; a person must look"
                                .formatted(request.from()));
            }
        }
        thaw(request);
    }

    /// The undo of the fence is not cancelled for this: its agent counts it as paid once the thaw
    /// has succeeded, and until then owes it, so that it pays by itself what this could not do.
    private void thaw(Request request) {
        ask(request, request.from(), "mysql.thaw", "thaw", Map.of());
        door.pointTo(request.cluster(), request.from());
        write("switchover.undone", request, Map.of());
    }

    /// How far a switchover had come when its controller was killed.
    ///
    /// @param lastEntry type of its last entry
    /// @param position end of the fenced source's log; empty before that was known
    /// @param settlement distinguishes this settlement from earlier ones of the same switchover: a
    ///   part that was refused then is asked for anew
    public record Cut(Request request, String lastEntry, String position, String settlement) {}

    /// Takes a switchover that was cut short to one of its two ends: undone if the candidate is
    /// surely not promoted, else forward to its end.
    ///
    /// @throws StepFailedException if a host does not answer or a part does not succeed
    public void settle(Cut cut) {
        Request request = cut.request().settledAs(cut.settlement());
        long clock = System.nanoTime();
        switch (cut.lastEntry()) {
            case "switchover.undone", "switchover.repointed" -> {}
            // nobody else was promoted: that comes after the cancelled undo is written down
            case "switchover.checked", "switchover.frozen", "switchover.drained" -> thaw(request);
            case "undo.cancelled" -> {
                if (candidateIsReplica(request)) {
                    thaw(request);
                } else {
                    ask(
                            request,
                            request.to(),
                            "repl.promote",
                            "promote",
                            Map.of("position", cut.position()));
                    write("switchover.promoted", request, Map.of("position", cut.position()));
                    letIn(request, clock);
                    repoint(request);
                }
            }
            case "switchover.promoted" -> {
                letIn(request, clock);
                repoint(request);
            }
            case "switchover.thawed" -> repoint(request);
            default ->
                    throw new IllegalArgumentException(
                            "no entry of a switchover: " + cut.lastEntry());
        }
    }

    private Duration letIn(Request request, long clock) {
        door.pointTo(request.cluster(), request.to());
        Duration stall = Duration.ofNanos(System.nanoTime() - clock);
        write(
                "switchover.thawed",
                request,
                Map.of("writesStoppedMillis", Long.toString(stall.toMillis())));
        return stall;
    }

    private void repoint(Request request) {
        for (String other : request.others()) {
            ask(request, other, "repl.repoint", "repoint-" + other, Map.of("source", request.to()));
        }
        write("switchover.repointed", request, Map.of());
    }

    private boolean candidateIsReplica(Request request) {
        return "replica"
                .equals(
                        ask(request, request.to(), "look.facts", "undo-look", Map.of())
                                .get("role"));
    }

    private Map<String, String> ask(
            Request request,
            String host,
            String operation,
            String part,
            Map<String, String> arguments) {
        return switch (offer(request, host, operation, part, arguments)) {
            case Outcome.Done done -> done.facts();
            case Outcome.Refused refused ->
                    throw failed(host, part, "the host refused: " + refused.reasons());
            case Outcome.Failed failed -> throw failed(host, part, failed.problem());
            case Outcome.InDoubt doubt -> throw failed(host, part, "in doubt: " + doubt.why());
        };
    }

    private Outcome offer(
            Request request,
            String host,
            String operation,
            String part,
            Map<String, String> arguments) {
        Offer offer = Offer.of(request.effectId(part), changeDigest, operation, arguments);
        return hosts.perform(host, offer, stepDeadline);
    }

    private static StepFailedException failed(String host, String part, String why) {
        return new StepFailedException(
                host, Rollout.SWITCHOVER, "switchover (%s): %s".formatted(part, why));
    }

    private void write(String type, Request request, Map<String, String> more) {
        var body = new java.util.HashMap<>(more);
        body.put("cluster", request.cluster());
        body.put("from", request.from());
        body.put("to", request.to());
        body.put("try", request.tryId());
        record.append(type, request.to(), body);
    }

    private static String require(Map<String, String> facts, String name) {
        String value = facts.get(name);
        if (value == null || value.isEmpty()) {
            throw new StepFailedException(
                    "", Rollout.SWITCHOVER, "the host did not tell its " + name);
        }
        return value;
    }
}
