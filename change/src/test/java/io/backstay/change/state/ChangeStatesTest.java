package io.backstay.change.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.change.StrictJson;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerReader;
import io.backstay.ledger.seal.SigningKey;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeStatesTest {
    private static final SigningKey KEY = SigningKey.generate();

    @TempDir private Path folder;

    @Test
    void theStateIsTheFoldOfTheChangesOwnEntries() {
        try (Ledger ledger = open()) {
            create(ledger, "CHG-1");
            tell(ledger, "CHG-1", new ChangeEvent.Planned("p"));
            create(ledger, "CHG-2");
            ledger.append("guard.refused", "h1", "d", Map.of("reason", "peer.attached"));
            tell(ledger, "CHG-1", new ChangeEvent.BreakGlassOpened("b"));
            tell(ledger, "CHG-1", new ChangeEvent.GateAllowed("canary", "v"));
            tell(ledger, "CHG-1", new ChangeEvent.Frozen("guard refused"));
        }

        assertThat(fold("CHG-1"))
                .isEqualTo(new ChangeState.Frozen("d", "p", "canary", "guard refused"));
        assertThat(fold("CHG-2")).isEqualTo(new ChangeState.Draft("d"));
        assertThat(ChangeStates.fold("CHG-3", LedgerReader.readAll(folder))).isEmpty();
    }

    @Test
    void aLedgerThatTellsTheImpossibleIsInDoubt() {
        try (Ledger ledger = open()) {
            create(ledger, "CHG-1");
            tell(ledger, "CHG-1", new ChangeEvent.GateAllowed("canary", "v"));
        }

        assertThatThrownBy(() -> fold("CHG-1"))
                .isInstanceOfSatisfying(
                        Problem.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IN_DOUBT))
                .hasMessageStartingWith(
                        "the ledger of controller contradicts itself at entry 2: GateAllowed can't happen in Draft\nHINT: ");
    }

    @Test
    void anEntryWhoseTypeIsNotItsFactsIsInDoubt() {
        try (Ledger ledger = open()) {
            create(ledger, "CHG-1");
            ledger.append(
                    "note.added",
                    "",
                    "d",
                    ChangeStates.body("CHG-1", new ChangeEvent.Planned("p")));
        }

        assertThatThrownBy(() -> fold("CHG-1"))
                .hasMessageContaining("expected an entry change.planned, found note.added");
    }

    @Test
    void everyEventSurvivesItsEntry() {
        for (ChangeEvent event : Arrows.samples(ChangeEvent.class)) {
            assertThat(StrictJson.read("", StrictJson.tree(event), ChangeEvent.class))
                    .isEqualTo(event);
        }
    }

    @Test
    void everyEventHasATypeOfItsOwn() {
        assertThat(
                        Arrows.samples(ChangeEvent.class).stream()
                                .map(e -> ChangeStates.typeOf(e) + " " + e.getClass())
                                .distinct()
                                .map(s -> s.split(" ", 2)[0]))
                .doesNotHaveDuplicates()
                .hasSize(ChangeEvent.class.getPermittedSubclasses().length);
    }

    @Test
    void onePersonCannotDecideTwice() {
        assertThatThrownBy(
                        () ->
                                new ChangeEvent.Decided(
                                        "ann", "ann", new ChangeEvent.Decision.BackOut()))
                .hasMessage("two different people decide, not `ann` and `ann`");
    }

    private ChangeState fold(String id) {
        return ChangeStates.fold(id, LedgerReader.readAll(folder)).orElseThrow();
    }

    private Ledger open() {
        return Ledger.open(folder, "controller", KEY, Time.system());
    }

    private static void create(Ledger ledger, String id) {
        ledger.append(
                ChangeStates.created(),
                "",
                "d",
                ChangeStates.body(id, new ChangeEvent.Edited("d")));
    }

    private static void tell(Ledger ledger, String id, ChangeEvent event) {
        ledger.append(ChangeStates.typeOf(event), "", "d", ChangeStates.body(id, event));
    }
}
