package io.backstay.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Time;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.operation.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UndoDebtsTest {
    private static final String CHANGE = "a".repeat(64);
    private static final Duration DUE = Duration.ofSeconds(100);
    private static final Duration EARLIER = DUE.minusMillis(1);
    private static final UndoDebts.Debt FENCE =
            new UndoDebts.Debt("e-1", "repl.fence", "this boot", DUE);

    private static final UndoDebts.Debt SECOND_FENCE =
            new UndoDebts.Debt("e-2", "repl.fence", "this boot", DUE);

    @TempDir Path folder;
    private final SigningKey key = SigningKey.generate();
    private final TestHost.Counter thaw = new TestHost.Counter();
    private Ledger ledger;
    private UndoDebts debts;

    @BeforeEach
    void open() {
        ledger = Ledger.open(folder, "db1", key, Time.system());
        debts = debts(thaw);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void anUndoIsPaidOnceWhenItsDeadlineHasPassed() throws Exception {
        debts.record(FENCE, CHANGE);

        debts.payDue("this boot", EARLIER, false);
        assertThat(thaw.runs).hasValue(0);

        debts.payDue("this boot", DUE, false);
        debts.payDue("this boot", DUE.plusSeconds(9), true);
        assertThat(thaw.runs).hasValue(1);
        assertThat(types()).containsExactly("undo.recorded", "undo.paid");
        assertThat(last().body().path("because").asString()).isEqualTo("its deadline passed");
    }

    @Test
    void anUndoIsPaidBeforeItsDeadlineWhenTheControllerIsSilent() throws Exception {
        debts.record(FENCE, CHANGE);

        debts.payDue("this boot", EARLIER, true);

        assertThat(thaw.runs).hasValue(1);
        assertThat(last().body().path("because").asString()).isEqualTo("the controller is silent");
    }

    @Test
    void anUndoOfAnEarlierBootIsDueAtOnce() throws Exception {
        debts.record(FENCE, CHANGE);

        debts.payDue("next boot", Duration.ZERO, false);

        assertThat(thaw.runs).hasValue(1);
    }

    @Test
    void aCancelledUndoIsNeverPaid() throws Exception {
        debts.record(FENCE, CHANGE);

        assertThat(debts.cancel("e-1", CHANGE)).isTrue();
        debts.payDue("next boot", DUE.plusSeconds(9), true);

        assertThat(thaw.runs).hasValue(0);
        assertThat(types()).containsExactly("undo.recorded", "undo.cancelled");
        assertThat(debts.cancel("e-1", CHANGE)).as("a second time").isFalse();
    }

    @Test
    void anUndoThatWasPaidCanNoLongerBeCancelled() throws Exception {
        debts.record(FENCE, CHANGE);
        debts.payDue("this boot", DUE, false);

        assertThat(debts.cancel("e-1", CHANGE)).isFalse();
        assertThat(types()).containsExactly("undo.recorded", "undo.paid");
    }

    @Test
    void anUndoThatFailsStaysOwed() throws Exception {
        UndoDebts failing = debts(new Failing());
        failing.record(FENCE, CHANGE);

        assertThatThrownBy(() -> failing.payDue("this boot", DUE, false))
                .hasMessage("no server answers");
        assertThat(types()).containsExactly("undo.recorded");
        assertThat(failing.cancel("e-1", CHANGE)).as("is still open").isTrue();
    }

    @Test
    void theUndoOfAnEarlierTryDoesNotOpenASourceAfterALaterTryWasCancelled() throws Exception {
        debts.record(FENCE, CHANGE);
        debts.record(SECOND_FENCE, CHANGE);

        assertThat(debts.cancel("e-2", CHANGE)).isTrue();
        debts.payDue("next boot", DUE.plusSeconds(9), true);

        assertThat(thaw.runs).hasValue(0);
        assertThat(debts.cancel("e-1", CHANGE)).isFalse();
    }

    @Test
    void anUndoThatWasAskedForIsNotPaidAgain() throws Exception {
        debts.record(FENCE, CHANGE);

        debts.settle("another.undo", CHANGE);
        assertThat(types()).containsExactly("undo.recorded");
        debts.settle("repl.thaw", CHANGE);
        debts.payDue("next boot", DUE.plusSeconds(9), true);

        assertThat(thaw.runs).hasValue(0);
        assertThat(types()).containsExactly("undo.recorded", "undo.paid");
        assertThat(debts.cancel("e-1", CHANGE)).isFalse();
    }

    @Test
    void anAgentThatStartsAgainOwesWhatItsChainSays() throws Exception {
        debts.record(FENCE, CHANGE);
        debts.cancel("e-1", CHANGE);
        debts.record(SECOND_FENCE, CHANGE);

        UndoDebts again = replayed();
        again.payDue("this boot", DUE, false);
        again.payDue("this boot", DUE, false);

        assertThat(thaw.runs).hasValue(1);
        assertThat(last().body().path("effect").asString()).isEqualTo("e-2");
    }

    @Test
    void anAgentThatStartsAgainDoesNotOweWhatALaterTryReplaced() throws Exception {
        debts.record(FENCE, CHANGE);
        debts.record(SECOND_FENCE, CHANGE);
        debts.cancel("e-2", CHANGE);

        replayed().payDue("next boot", DUE, true);

        assertThat(thaw.runs).hasValue(0);
    }

    @Test
    void anUndoIsNotPaidWhileItsOperationIsUnderWay() throws Exception {
        debts.record(FENCE, CHANGE);
        debts.begin("e-1");

        debts.payDue("this boot", DUE.plusSeconds(14), false);
        assertThat(thaw.runs).hasValue(0);

        assertThat(debts.end("e-1")).as("is still owed").isTrue();
        debts.payDue("this boot", DUE.plusSeconds(14), false);
        assertThat(thaw.runs).hasValue(1);
    }

    @Test
    void anOperationThatNeverEndsIsWaitedForAsLongAgainAndThenItsUndoIsPaid() throws Exception {
        debts.record(FENCE, CHANGE);
        debts.begin("e-1");

        debts.payDue("this boot", DUE.plusSeconds(15), true);

        assertThat(thaw.runs).hasValue(1);
        assertThat(debts.end("e-1")).as("nobody owes it any more").isFalse();
    }

    private UndoDebts replayed() {
        ledger.close();
        ledger = Ledger.open(folder, "db1", key, Time.system());
        UndoDebts again = debts(thaw);
        OwnChain.replay(ledger, again, new Holds());
        return again;
    }

    private static final class Failing implements Operation {

        @Override
        public Map<String, String> run(DatabaseHost host, Map<String, String> arguments) {
            throw new IllegalStateException("no server answers");
        }

        @Override
        public Set<String> parameters() {
            return Set.of();
        }
    }

    private UndoDebts debts(Operation undo) {
        OperationSpec fence =
                OperationSpec.undoable(
                        "repl.fence",
                        new TestHost.Counter(),
                        new OperationSpec.Undo("repl.thaw", undo, Duration.ofSeconds(15)));
        return new UndoDebts(TestHost.at("db1", folder), Map.of("repl.fence", fence), ledger);
    }

    private List<String> types() {
        return ledger.entries().stream().map(LedgerEntry::type).toList();
    }

    private LedgerEntry last() {
        return ledger.entries().getLast();
    }
}
