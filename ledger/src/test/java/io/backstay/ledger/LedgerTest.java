package io.backstay.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final SigningKey KEY = SigningKey.generate();
    private static final TrustedKeys TRUSTED = TrustedKeys.none().with("h1", KEY.publicKey());

    @TempDir private Path folder;

    @Test
    void aReopenedChainGoesOnWhereItEnded() {
        try (Ledger ledger = open()) {
            ledger.append("guard.asked", "h1", null, Map.of("operation", "reinstall"));
        }
        try (Ledger ledger = open()) {
            LedgerEntry second =
                    ledger.appendAs("ann", "guard.refused", "h1", "7c1e", Map.of("n", 2));

            assertThat(second.seq()).isEqualTo(2);
            assertThat(ledger.entries())
                    .extracting(LedgerEntry::type)
                    .containsExactly("guard.asked", "guard.refused");
            assertThat(ledger.entries().get(1)).isEqualTo(second);
            assertThat(ledger.head()).isEqualTo(second.head());
            assertThat(ledger.head().isSignedBy(TRUSTED)).isTrue();
        }
    }

    @Test
    void filesAreForTheirOwnerOnly() throws Exception {
        try (Ledger _ = open()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(chain())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aSecondWriterOfTheSameChainIsTurnedAway() {
        try (Ledger _ = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("another process is writing it")
                    .hasMessageContaining("HINT:");
        }
    }

    @Test
    void readingTheChainDoesNotLoosenTheLock() {
        try (Ledger ledger = open()) {
            ledger.append("note.added", "", null, Map.of());
            assertThat(LedgerReader.readAll(folder)).hasSize(1);
            assertThat(ledger.entries()).hasSize(1);

            assertThatThrownBy(this::open).isInstanceOf(Problem.class);
        }
    }

    @Test
    void aTornTailIsCutAndTheCutIsWrittenDown() throws Exception {
        try (Ledger ledger = open()) {
            ledger.append("note.added", "", null, Map.of());
        }
        Files.writeString(chain(), "{\"seq\":2,\"prev", StandardOpenOption.APPEND);

        try (Ledger ledger = open()) {
            assertThat(ledger.entries())
                    .extracting(LedgerEntry::type)
                    .containsExactly("note.added", "ledger.torn");
            assertThat(ledger.entries().get(1).body().get("bytes").asInt()).isEqualTo(14);
        }
        assertThat(LedgerVerifier.verify(folder, TRUSTED, List.of()))
                .first()
                .isInstanceOf(ChainReport.Intact.class);
    }

    @Test
    void aTornTailBeforeAMirroredHeadIsInDoubt() throws Exception {
        LedgerHead mirrored;
        try (Ledger ledger = open()) {
            ledger.append("note.added", "", null, Map.of());
            ledger.append("step.intent", "", null, Map.of());
            mirrored = ledger.head();
        }
        byte[] all = Files.readAllBytes(chain());
        Files.write(chain(), java.util.Arrays.copyOf(all, all.length - 1));

        assertThatThrownBy(() -> Ledger.open(folder, "h1", KEY, Time.system(), List.of(mirrored)))
                .isInstanceOfSatisfying(
                        DamagedLedgerException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.IN_DOUBT))
                .hasMessage(
                        """
                        cannot continue the ledger %s at line 2: expected entry 2, which a mirrored head names, found the end after entry 1
                        HINT: Keep the file as it is; `backstay ledger verify %s` says what is intact. Compare with a copy or a mirrored head."""
                                .formatted(chain(), folder));
        assertThat(Files.size(chain())).isEqualTo(all.length - 1L);
    }

    @Test
    void anEditedLineIsNeverAppendedTo() throws Exception {
        try (Ledger ledger = open()) {
            ledger.append("note.added", "", null, Map.of("text", "one"));
            ledger.append("note.added", "", null, Map.of("text", "two"));
        }
        String text = Files.readString(chain());
        Files.writeString(chain(), text.replace("one", "0ne"));

        assertThatThrownBy(this::open)
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining("at line 1: its bytes hash to");
    }

    @Test
    void afterAFailedWriteNothingMoreIsAppended() throws Exception {
        Path full = Path.of("/dev/full");
        try (Ledger ledger =
                new Ledger(
                        full,
                        "h1",
                        KEY,
                        Time.system(),
                        FileChannel.open(full, StandardOpenOption.WRITE),
                        FileChannel.open(full, StandardOpenOption.WRITE),
                        new ChainEnd(null, List.of(), 0, ""))) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> ledger.append("step.intent", "", null, Map.of()))
                        .isInstanceOfSatisfying(
                                Problem.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.ENVIRONMENT))
                        .hasMessageContaining("No space left on device")
                        .hasMessageContaining("HINT:");
            }
            assertThat(ledger.head().seq()).isZero();
        }
    }

    @Test
    void entriesOfManyThreadsFormOneChain() throws Exception {
        try (Ledger ledger = open()) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                threads.add(
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            for (int i = 0; i < 25; i++) {
                                                ledger.append(
                                                        "note.added", "", null, Map.of("i", i));
                                            }
                                        }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(LedgerVerifier.verify(folder, TRUSTED, List.of()))
                .first()
                .isInstanceOfSatisfying(
                        ChainReport.Intact.class, i -> assertThat(i.lines()).isEqualTo(200));
    }

    @Test
    void aLineIsWhatItsSpecificationSays() throws Exception {
        try (Ledger ledger = open()) {
            ledger.append("note.added", "h9", null, Map.of("text", "grün"));
        }
        String line = Files.readString(chain());

        assertThat(line)
                .matches(
                        "\\{\"seq\":1,\"prev\":\"0{64}\",\"time\":\"[^\"]+Z\",\"mono\":[0-9]+,\"actor\":\"h1\","
                                + "\"host\":\"h9\",\"type\":\"note.added\",\"change\":null,\"body\":\\{\"text\":\"grün\"\\},"
                                + "\"hash\":\"[0-9a-f]{64}\",\"key\":\"[0-9a-f]{16}\",\"sig\":\"[0-9a-f]{128}\"\\}\n");
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        byte[] content = java.util.Arrays.copyOf(bytes, bytes.length - 238);
        assertThat(line).contains(io.backstay.doors.Disk.sha256(content));
    }

    @Test
    void aHeadSurvivesItsTextForm() {
        try (Ledger ledger = open()) {
            assertThat(LedgerHead.parse(ledger.head().line())).isEqualTo(ledger.head());
        }
    }

    private Ledger open() {
        return Ledger.open(folder, "h1", KEY, Time.system());
    }

    private Path chain() {
        return folder.resolve("h1.jsonl");
    }
}
