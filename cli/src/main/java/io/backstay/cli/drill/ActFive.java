package io.backstay.cli.drill;

import io.backstay.doors.Disk;
import io.backstay.ledger.ChainReport;
import io.backstay.ledger.LedgerHead;
import io.backstay.ledger.LedgerReader;
import io.backstay.ledger.LedgerVerifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The proof: every chain verifies against heads that were kept elsewhere, and tampering is found.
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
        List<LedgerHead> heads = new ArrayList<>();
        stage.step(
                "keep every chain's head outside of the ledgers",
                () -> {
                    heads.addAll(LedgerReader.heads(stage.folders.ledgers()));
                    Disk.writeAtomically(
                            stage.folders.heads(),
                            heads.stream()
                                    .map(LedgerHead::line)
                                    .collect(Collectors.joining("\n", "", "\n")));
                    return "%d heads in %s".formatted(heads.size(), stage.folders.heads());
                });
        stage.step("verify all ledger chains", () -> verify(stage, heads));
        stage.step(
                "tamper with copies of the controller's chain",
                () -> tamperWithCopies(stage, heads));
    }

    private static String verify(Stage stage, List<LedgerHead> heads) {
        List<ChainReport> reports =
                LedgerVerifier.verify(stage.folders.ledgers(), stage.room.everybody(), heads);
        List<ChainReport.Intact> held =
                reports.stream()
                        .filter(ChainReport.Intact.class::isInstance)
                        .map(ChainReport.Intact.class::cast)
                        .filter(chain -> chain.mirrors() > 0)
                        .toList();
        long entries = held.stream().mapToLong(ChainReport.Intact::lines).sum();
        stage.claims.check(
                5,
                "ledgers-verify",
                "all %d chains with %,d entries are whole, in order, signed by their writers and held against heads kept elsewhere"
                        .formatted(reports.size(), entries),
                Integer.toString(held.size()),
                "chains",
                held.size() == reports.size() && reports.size() > stage.fleet.hosts().count());
        return "%d of %d chains intact, %,d entries"
                .formatted(held.size(), reports.size(), entries);
    }

    private static String tamperWithCopies(Stage stage, List<LedgerHead> heads) throws IOException {
        String stranger = stage.fleet.hosts().findFirst().orElseThrow().name();
        List<Tampering.Tried> tried =
                new Tampering(
                                stage.folders.ledgers(),
                                stage.folders.root().resolve("tampered"),
                                stage.room.everybody(),
                                heads,
                                stage.options.seed())
                        .all(stage.room.keys().of(stranger));
        long found = tried.stream().filter(one -> one.found().isPresent()).count();
        String says =
                tried.stream()
                        .map(one -> one.what() + ": " + one.found().orElse("NOT found"))
                        .collect(Collectors.joining("; "));
        stage.record.note(TAMPERED, found == tried.size() ? says : "");
        stage.claims.check(
                5,
                "tamper-found",
                "a copy of a chain with one byte changed, cut at its end, deleted, or written anew with another's key is found out",
                Long.toString(found),
                "of " + tried.size(),
                found == tried.size());
        return says;
    }
}
