package io.backstay.guard.retire;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.guard.retire.RetireState.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetireStateTest {
    private static final MariaDbGtidState END = MariaDbGtidState.parse("0-1-7");
    private static final Before BEFORE =
            new Before(
                    2,
                    false,
                    List.of(""),
                    new StartCommand("", List.of("/usr/sbin/mariadbd"), "/", 0, 0),
                    Map.of());
    private static final List<RetireState> STATES =
            List.of(
                    new RetireState.Begun(BEFORE),
                    new RetireState.Fenced(BEFORE, END),
                    new RetireState.Stopping(BEFORE, END),
                    new RetireState.Stopped(BEFORE, END),
                    new RetireState.Destroying(BEFORE, END),
                    new RetireState.Gone(),
                    new RetireState.Undone(),
                    new RetireState.InDoubt());
    private static final List<Event> EVENTS =
            List.of(
                    new Event.Begin(BEFORE),
                    new Event.Fence(END),
                    new Event.Stop(),
                    new Event.Stopped(),
                    new Event.Destroy(),
                    new Event.Keep(),
                    new Event.Vanish(),
                    new Event.Lose(),
                    new Event.Undo());

    /// What the diagram shows, and nothing else.
    @Test
    void everyStateWithEveryEvent() {
        var arrows = new ArrayList<String>();
        var all = new ArrayList<Optional<RetireState>>();
        all.add(Optional.empty());
        STATES.forEach(state -> all.add(Optional.of(state)));
        for (Optional<RetireState> state : all) {
            for (Event event : EVENTS) {
                RetireState.next(state, event)
                        .ifPresent(
                                next ->
                                        arrows.add(
                                                "%s %s %s"
                                                        .formatted(
                                                                state.map(RetireStateTest::name)
                                                                        .orElse("none"),
                                                                name(event),
                                                                name(next))));
            }
        }
        assertThat(arrows)
                .containsExactly(
                        "none Begin Begun",
                        "Begun Fence Fenced",
                        "Begun Undo Undone",
                        "Fenced Fence Fenced",
                        "Fenced Stop Stopping",
                        "Fenced Undo Undone",
                        "Stopping Fence Fenced",
                        "Stopping Stopped Stopped",
                        "Stopping Undo Undone",
                        "Stopped Destroy Destroying",
                        "Stopped Undo Undone",
                        "Destroying Keep Stopped",
                        "Destroying Vanish Gone",
                        "Destroying Lose InDoubt",
                        "Gone Begin Begun",
                        "Undone Begin Begun");
    }

    private static String name(Object thing) {
        return thing.getClass().getSimpleName();
    }

    @Test
    void endAndWhatUndoNeedsAreKept() {
        assertThat(
                        RetireState.next(
                                Optional.of(new RetireState.Stopping(BEFORE, END)),
                                new Event.Stopped()))
                .contains(new RetireState.Stopped(BEFORE, END));
    }

    @Test
    void serviceIsReadFromItsControlGroup() {
        assertThat(StartCommand.unit("0::/system.slice/mariadb.service\n"))
                .contains("mariadb.service");
        assertThat(StartCommand.unit("0::/system.slice/system-mariadb.slice/mariadb@a.service/x\n"))
                .contains("mariadb@a.service");
        assertThat(StartCommand.unit("0::/user.slice/user-0.slice/session-1.scope\n")).isEmpty();
    }
}
