package io.backstay.cli.drill;

import io.backstay.doors.Disk;
import io.backstay.ledger.ChainReport;
import io.backstay.ledger.LedgerVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// The proof: every chain verifies, and one changed byte is found.
final class ActFive implements Act {
    static final String TAMPERED = "tampered";

    @Override
    public int number() {
        return 5;
    }

    @Override
    public String title() {
        return "The proof: what happened, and what did not";
    }

    @Override
    public void play(Stage stage) throws Exception {
        stage.step(
                "verify all ledger chains",
                () -> {
                    List<ChainReport> reports =
                            LedgerVerifier.verify(
                                    stage.folders.ledgers(), stage.room.everybody(), List.of());
                    long intact =
                            reports.stream().filter(ChainReport.Intact.class::isInstance).count();
                    long entries =
                            reports.stream()
                                    .mapToLong(
                                            report ->
                                                    report instanceof ChainReport.Intact intactChain
                                                            ? intactChain.lines()
                                                            : 0)
                                    .sum();
                    stage.claims.check(
                            5,
                            "ledgers-verify",
                            "all %d chains with %,d entries are whole, in order and signed"
                                    .formatted(reports.size(), entries),
                            Long.toString(intact),
                            "chains",
                            intact == reports.size()
                                    && reports.size() > stage.fleet.hosts().count());
                    return "%d of %d chains intact, %,d entries"
                            .formatted(intact, reports.size(), entries);
                });
        stage.step(
                "change one byte in a copy of the controller's chain",
                () -> {
                    String found = tamper(stage);
                    stage.record.note(TAMPERED, found);
                    stage.claims.check(
                            5,
                            "tamper-found",
                            "one byte of a copy changed is found",
                            found.isEmpty() ? "0" : "1",
                            "of 1",
                            !found.isEmpty());
                    return found.isEmpty() ? "NOT found" : found;
                });
    }

    /// @return what verification said of the damage; empty if it said nothing
    private static String tamper(Stage stage) throws IOException {
        Path copy = Disk.folder(stage.folders.root().resolve("tampered"));
        try (Stream<Path> chains = Files.list(stage.folders.ledgers())) {
            for (Path chain : chains.filter(file -> file.toString().endsWith(".jsonl")).toList()) {
                Disk.writeAtomically(copy.resolve(chain.getFileName()), Files.readAllBytes(chain));
            }
        }
        Path chain = copy.resolve(KeyRing.CONTROLLER + ".jsonl");
        byte[] bytes = Files.readAllBytes(chain);
        int at = new Random(stage.options.seed()).nextInt(bytes.length);
        bytes[at] ^= 1;
        Disk.writeAtomically(chain, bytes);
        String said =
                LedgerVerifier.verify(copy, stage.room.everybody(), List.of()).stream()
                        .filter(ChainReport.Broken.class::isInstance)
                        .map(ChainReport.Broken.class::cast)
                        .map(
                                broken ->
                                        "line %d, %s: %s"
                                                .formatted(
                                                        broken.line(),
                                                        broken.damage(),
                                                        broken.detail()))
                        .findFirst()
                        .orElse("");
        Disk.deleteTree(copy);
        return said.isEmpty() ? "" : "byte %d of %s: %s".formatted(at, KeyRing.CONTROLLER, said);
    }
}
