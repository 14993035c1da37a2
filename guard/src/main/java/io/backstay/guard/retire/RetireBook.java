package io.backstay.guard.retire;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.guard.retire.RetireState.Event;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The retirement of one target, as its host's ledger tells it: written down first, then become.
final class RetireBook {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PREFIX = "guard.retire.";
    private static final String REFUSED = PREFIX + "refused";

    private final Ledger ledger;
    private final String target;
    private Optional<RetireState> state = Optional.empty();

    private RetireBook(Ledger ledger, String target) {
        this.ledger = ledger;
        this.target = target;
    }

    static RetireBook read(Ledger ledger, String target) {
        var book = new RetireBook(ledger, target);
        for (LedgerEntry entry : ledger.entries()) {
            if (entry.body().path("target").asString("").equals(target)) {
                event(entry).ifPresent(event -> book.state = Optional.of(book.after(event)));
            }
        }
        return book;
    }

    Optional<RetireState> state() {
        return state;
    }

    /// Durable when it returns.
    RetireState become(Event event) {
        RetireState next = after(event);
        var body = new HashMap<String, Object>();
        body.put("target", target);
        switch (event) {
            case Event.Begin(Before before) -> body.put("before", before);
            case Event.Fence(MariaDbGtidState end) -> body.put("end", end.toString());
            case Event.Stop _,
                    Event.Stopped _,
                    Event.Destroy _,
                    Event.Keep _,
                    Event.Vanish _,
                    Event.Lose _,
                    Event.Undo _ -> {}
        }
        ledger.append(PREFIX + word(event), "", null, body);
        state = Optional.of(next);
        return next;
    }

    /// Says nothing of the state: what was changed is still as it was.
    void refused(List<String> reasons) {
        ledger.append(REFUSED, "", null, Map.of("target", target, "reasons", reasons));
    }

    private RetireState after(Event event) {
        return RetireState.next(state, event)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "%s cannot follow on %s".formatted(word(event), state)));
    }

    private static Optional<Event> event(LedgerEntry entry) {
        ObjectNode body = entry.body();
        return switch (entry.type()) {
            case PREFIX + "begun" ->
                    Optional.of(
                            new Event.Begin(JSON.treeToValue(body.path("before"), Before.class)));
            case PREFIX + "fenced" ->
                    Optional.of(
                            new Event.Fence(MariaDbGtidState.parse(body.path("end").asString())));
            case PREFIX + "stopping" -> Optional.of(new Event.Stop());
            case PREFIX + "stopped" -> Optional.of(new Event.Stopped());
            case PREFIX + "destroying" -> Optional.of(new Event.Destroy());
            case PREFIX + "kept" -> Optional.of(new Event.Keep());
            case PREFIX + "gone" -> Optional.of(new Event.Vanish());
            case PREFIX + "in-doubt" -> Optional.of(new Event.Lose());
            case PREFIX + "undone" -> Optional.of(new Event.Undo());
            default -> Optional.empty();
        };
    }

    private static String word(Event event) {
        return switch (event) {
            case Event.Begin _ -> "begun";
            case Event.Fence _ -> "fenced";
            case Event.Stop _ -> "stopping";
            case Event.Stopped _ -> "stopped";
            case Event.Destroy _ -> "destroying";
            case Event.Keep _ -> "kept";
            case Event.Vanish _ -> "gone";
            case Event.Lose _ -> "in-doubt";
            case Event.Undo _ -> "undone";
        };
    }
}
