package io.backstay.node.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Time;
import io.backstay.ledger.ChainReport;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.LedgerHead;
import io.backstay.ledger.LedgerVerifier;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedHeadsTest {
    private static final SigningKey CONTROLLER = SigningKey.generate();
    private static final SigningKey DB1 = SigningKey.generate();
    private static final SigningKey DB2 = SigningKey.generate();
    private static final TrustedKeys KEYS =
            TrustedKeys.none()
                    .with("controller", CONTROLLER.publicKey())
                    .with("db1", DB1.publicKey())
                    .with("db2", DB2.publicKey());

    @TempDir Path folder;
    private Ledger controller;
    private Ledger db1;
    private SignedHeads heads;

    @BeforeEach
    void open() {
        controller = Ledger.open(folder, "controller", CONTROLLER, Time.system());
        db1 = Ledger.open(folder, "db1", DB1, Time.system());
        db1.append("agent.started", "db1", null, java.util.Map.of());
        heads =
                new SignedHeads(
                        controller,
                        host ->
                                TrustedKeys.of(
                                        KEYS.all().stream()
                                                .filter(key -> key.owner().equals(host))
                                                .toList()));
    }

    @AfterEach
    void close() {
        controller.close();
        db1.close();
    }

    @Test
    void aHeadThatItsOwnHostSignedIsKeptOnce() {
        heads.record("db1", db1.head().line());
        heads.record("db1", db1.head().line());

        assertThat(types()).containsExactly("ledger.head.mirrored");
        assertThat(verified()).allMatch(ChainReport.Intact.class::isInstance);
    }

    @Test
    void aHeadWithAWrongSignatureIsNotKeptAndSpeaksAgainstNobody() {
        LedgerHead head = db1.head();
        heads.record(
                "db1",
                new LedgerHead("db1", 9, "f".repeat(64), head.keyId(), head.signature()).line());

        assertThat(types()).containsExactly("ledger.head.refused");
        assertThat(verified()).allMatch(ChainReport.Intact.class::isInstance);
    }

    @Test
    void aHeadOfAnotherHostOrByAnothersKeyOrNoneAtAllIsNotKept() {
        heads.record("db2", db1.head().line());
        try (Ledger forged = Ledger.open(folder.resolve("else"), "db1", DB2, Time.system())) {
            forged.append("agent.started", "db1", null, java.util.Map.of());
            heads.record("db1", forged.head().line());
        }
        heads.record("db1", "no head");

        assertThat(types())
                .containsExactly(
                        "ledger.head.refused", "ledger.head.refused", "ledger.head.refused");
    }

    private List<ChainReport> verified() {
        return LedgerVerifier.verify(folder, KEYS, List.of());
    }

    private List<String> types() {
        return controller.entries().stream().map(LedgerEntry::type).toList();
    }
}
