package io.backstay.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Time;
import io.backstay.ledger.ChainReport.Broken;
import io.backstay.ledger.ChainReport.Damage;
import io.backstay.ledger.ChainReport.Intact;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerVerifierTest {
    private static final SigningKey KEY = SigningKey.generate();
    private static final SigningKey CONTROLLERS = SigningKey.generate();
    private static final TrustedKeys TRUSTED =
            TrustedKeys.none()
                    .with("h1", KEY.publicKey())
                    .with("controller", CONTROLLERS.publicKey());

    @TempDir private Path folder;
    private LedgerHead head;
    private byte[] original;

    @BeforeEach
    void writeFourLines() throws Exception {
        try (Ledger ledger = Ledger.open(folder, "h1", KEY, Time.system())) {
            for (int i = 1; i <= 4; i++) {
                ledger.append("note.added", "h" + i, i == 2 ? "abc" : null, Map.of("i", i));
            }
            head = ledger.head();
        }
        original = Files.readAllBytes(chain());
    }

    @Test
    void anUntouchedChainIsIntactWithItsMirror() {
        assertThat(verify(List.of(head))).isEqualTo(new Intact("h1", 4, 1, head.hash()));
    }

    @Test
    void withoutAMirrorTheReportSaysSo() {
        assertThat(verify(List.of())).isEqualTo(new Intact("h1", 4, 0, head.hash()));
    }

    @Test
    void anyFlippedByteIsFoundEvenWithoutAMirror() throws Exception {
        byte[] masks = {0x01, 0x02, 0x20, (byte) 0x80, (byte) 0xFF};
        for (int at = 0; at < original.length; at++) {
            byte[] copy = original.clone();
            copy[at] ^= masks[at % masks.length];
            Files.write(chain(), copy);

            assertThat(verify(List.of())).as("byte %d", at).isInstanceOf(Broken.class);
        }
    }

    @Test
    void aLineTakenOutOfTheMiddleIsAGap() throws Exception {
        for (int line = 0; line < 3; line++) {
            List<String> lines = lines();
            lines.remove(line);
            write(lines);

            assertThat(verify(List.of()))
                    .isEqualTo(
                            new Broken(
                                    "h1",
                                    line + 1,
                                    Damage.GAP,
                                    "expected entry %d, found entry %d"
                                            .formatted(line + 1, line + 2)));
        }
    }

    @Test
    void theLastLineTakenAwayIsFoundByTheMirrorOnly() throws Exception {
        List<String> lines = lines();
        lines.removeLast();
        write(lines);

        assertThat(verify(List.of())).isInstanceOf(Intact.class);
        assertThat(verify(List.of(head)))
                .isEqualTo(
                        new Broken(
                                "h1",
                                4,
                                Damage.TRUNCATION,
                                "expected entry 4, which a mirrored head names, found the end after entry 3"));
    }

    @Test
    void twoLinesSwappedAreAReorder() throws Exception {
        for (int line = 0; line < 3; line++) {
            List<String> lines = lines();
            Collections.swap(lines, line, line + 1);
            write(lines);

            assertThat(verify(List.of()))
                    .isInstanceOfSatisfying(
                            Broken.class, b -> assertThat(b.damage()).isEqualTo(Damage.REORDER));
        }
    }

    @Test
    void aChainOfAnotherKeyIsForeign() throws Exception {
        SigningKey other = SigningKey.generate();
        Files.delete(chain());
        try (Ledger ledger = Ledger.open(folder, "h1", other, Time.system())) {
            ledger.append("note.added", "", null, Map.of());
        }

        assertThat(verify(List.of()))
                .isEqualTo(
                        new Broken(
                                "h1",
                                1,
                                Damage.FOREIGN_KEY,
                                "signed by key %s, which is not trusted here"
                                        .formatted(other.id())));
    }

    @Test
    void aChainRewrittenByItsOwnKeyIsAForkAgainstTheMirror() throws Exception {
        Files.delete(chain());
        try (Ledger ledger = Ledger.open(folder, "h1", KEY, Time.system())) {
            for (int i = 0; i < 5; i++) {
                ledger.append("note.added", "", null, Map.of("history", "rewritten"));
            }
        }

        assertThat(verify(List.of(head)))
                .isInstanceOfSatisfying(
                        Broken.class, b -> assertThat(b.damage()).isEqualTo(Damage.FORK));
    }

    @Test
    void aChainUnderAnotherNameIsNotItsOwn() throws Exception {
        Files.move(chain(), folder.resolve("h2.jsonl"));

        assertThat(LedgerVerifier.verify(folder, TRUSTED, List.of()).getFirst())
                .isInstanceOfSatisfying(
                        Broken.class,
                        b ->
                                assertThat(b)
                                        .extracting(Broken::damage, Broken::detail)
                                        .containsExactly(
                                                Damage.FOREIGN_WRITER,
                                                "expected a key of h2, found key %s of h1"
                                                        .formatted(KEY.id())));
    }

    @Test
    void aChainWrittenWithAnotherWritersKeyIsNotItsOwn() {
        try (Ledger ledger = Ledger.open(folder, "controller", KEY, Time.system())) {
            ledger.append("rollout.completed", "", null, Map.of());
        }

        assertThat(damages())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("controller", Damage.FOREIGN_WRITER),
                        org.assertj.core.groups.Tuple.tuple("h1", "intact"));
    }

    @Test
    void aHeadOfOneWriterSignedByAnotherProvesNothing() {
        LedgerHead forged = LedgerHead.sign("h1", 4, head.hash(), CONTROLLERS);

        assertThat(verify(List.of(forged)))
                .isInstanceOfSatisfying(
                        Broken.class, b -> assertThat(b.damage()).isEqualTo(Damage.BAD_MIRROR));
    }

    @Test
    void aMissingChainThatAHeadNamesIsReported() throws Exception {
        Files.delete(chain());

        assertThat(verify(List.of(head)))
                .isInstanceOfSatisfying(
                        Broken.class, b -> assertThat(b.damage()).isEqualTo(Damage.MISSING));
    }

    @Test
    void anUnsignedMirrorProvesNothing() {
        LedgerHead forged = new LedgerHead("h1", 4, head.hash(), head.keyId(), "0".repeat(128));

        assertThat(verify(List.of(forged)))
                .isInstanceOfSatisfying(
                        Broken.class, b -> assertThat(b.damage()).isEqualTo(Damage.BAD_MIRROR));
    }

    @Test
    void aHeadInAnotherChainOfTheFolderIsAMirror() throws Exception {
        try (Ledger ledger = Ledger.open(folder, "controller", CONTROLLERS, Time.system())) {
            ledger.append(LedgerVerifier.HEAD_MIRRORED, "h1", null, Map.of("head", head.line()));
        }
        List<String> lines = lines();
        lines.removeLast();
        write(lines);

        assertThat(damages())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("controller", "intact"),
                        org.assertj.core.groups.Tuple.tuple("h1", Damage.TRUNCATION));
    }

    @Test
    void theControllersHeadInABurnedPermitIsAMirror() throws Exception {
        LedgerHead controllers;
        try (Ledger ledger = Ledger.open(folder, "controller", CONTROLLERS, Time.system())) {
            ledger.append("permit.granted", "h1", null, Map.of());
            controllers = ledger.head();
        }
        try (Ledger ledger = Ledger.open(folder, "h1", KEY, Time.system())) {
            ledger.append(
                    "permit.burned", "h1", null, Map.of("controllerHead", controllers.line()));
        }
        assertThat(LedgerVerifier.verify(folder, TRUSTED, List.of()).getFirst())
                .isEqualTo(new Intact("controller", 1, 1, controllers.hash()));

        Files.writeString(folder.resolve("controller.jsonl"), "");
        assertThat(damages())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("controller", Damage.TRUNCATION),
                        org.assertj.core.groups.Tuple.tuple("h1", "intact"));

        Files.delete(folder.resolve("controller.jsonl"));
        assertThat(damages())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("controller", Damage.MISSING),
                        org.assertj.core.groups.Tuple.tuple("h1", "intact"));
    }

    private List<org.assertj.core.groups.Tuple> damages() {
        return LedgerVerifier.verify(folder, TRUSTED, List.of()).stream()
                .map(
                        r ->
                                org.assertj.core.groups.Tuple.tuple(
                                        r.writer(), r instanceof Broken b ? b.damage() : "intact"))
                .toList();
    }

    private ChainReport verify(List<LedgerHead> mirrors) {
        return LedgerVerifier.verify(folder, TRUSTED, mirrors).getFirst();
    }

    private Path chain() {
        return folder.resolve("h1.jsonl");
    }

    private List<String> lines() throws Exception {
        return new ArrayList<>(
                new String(original, java.nio.charset.StandardCharsets.UTF_8).lines().toList());
    }

    private void write(List<String> lines) throws Exception {
        Files.writeString(chain(), String.join("\n", lines) + "\n");
    }
}
