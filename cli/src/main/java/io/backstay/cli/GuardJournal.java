package io.backstay.cli;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.GuardedAct.Outcome;
import io.backstay.guard.Interlock;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The chain of `guard exec` on this machine: each intent before its act, each outcome after it.
///
/// An intent without an outcome is a run that was cut off: nobody knows what it did, so the next
/// run on that target refuses until a person has looked.
final class GuardJournal implements AutoCloseable {
    private static final String WRITER = "guard";
    private static final String INTENT = "guard.exec.intent";
    private static final String OUTCOME = "guard.exec.outcome";
    private static final String REFUSED = "guard.exec.refused";
    private static final String SETTLED = "guard.exec.settled";

    private final Ledger ledger;

    private GuardJournal(Ledger ledger) {
        this.ledger = ledger;
    }

    static GuardJournal open(Path state) {
        Disk.folder(state);
        Path keyFile = state.resolve("guard.key");
        SigningKey key;
        if (Files.exists(keyFile)) {
            key = SigningKey.load(keyFile);
        } else {
            key = SigningKey.create(keyFile);
            TrustedKeys.save(Disk.folder(state.resolve("keys")), WRITER, key.publicKey());
        }
        return new GuardJournal(
                Ledger.open(Disk.folder(state.resolve("ledger")), WRITER, key, Time.system()));
    }

    void requireNoDoubt(GuardRequest request, Optional<String> settled) {
        String target = request.target().text();
        Optional<LedgerEntry> open = Optional.empty();
        for (LedgerEntry entry : ledger.entries()) {
            if (entry.body().path("target").asString("").equals(target)) {
                switch (entry.type()) {
                    case INTENT -> open = Optional.of(entry);
                    case OUTCOME, SETTLED -> open = Optional.empty();
                    default -> {}
                }
            }
        }
        if (open.isEmpty()) {
            return;
        }
        String held = open.get().body().path("held").asString("");
        if (settled.isEmpty()) {
            throw new Problem(
                    ErrorCode.IN_DOUBT,
                    "an earlier run on %s began at %s and has no recorded end; it held the folder as %s"
                            .formatted(target, open.get().time(), held),
                    "look at both names; when you know what happened, run this again with"
                            + " --settle-doubt 'WHAT YOU SAW'.");
        }
        ledger.append(SETTLED, "", null, Map.of("target", target, "reason", settled.get()));
    }

    void intent(GuardAnswer answer, GuardRequest request, Path held, Interlock.Kind kind) {
        ledger.append(
                INTENT,
                "",
                null,
                Map.of(
                        "operation", request.operation(),
                        "target", request.target().text(),
                        "held", held.toString(),
                        "interlock", kind.name().toLowerCase(Locale.ROOT),
                        "evidence", answer.evidenceDigest()));
    }

    void outcome(Outcome outcome, GuardRequest request, OptionalInt commandExit) {
        var document = ExecDocument.of(outcome, commandExit);
        ledger.append(
                outcome instanceof Outcome.Refused ? REFUSED : OUTCOME,
                "",
                null,
                Map.of(
                        "operation", request.operation(),
                        "target", request.target().text(),
                        "outcome", document.word(),
                        "commandExit", commandExit.isPresent() ? "" + commandExit.getAsInt() : "",
                        "reasons", outcome.answer().reasons(),
                        "evidence", outcome.answer().evidenceDigest()));
    }

    @Override
    public void close() {
        ledger.close();
    }
}
