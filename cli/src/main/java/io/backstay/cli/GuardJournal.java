package io.backstay.cli;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.GuardedAct;
import io.backstay.guard.GuardedAct.Outcome;
import io.backstay.guard.Interlock;
import io.backstay.guard.Target;
import io.backstay.guard.consent.ConsentIssuer;
import io.backstay.guard.consent.IssuingHost;
import io.backstay.guard.permit.PermitDesk;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The chain of `guard exec` on this machine: each intent before its act, each outcome after it.
///
/// A holding without an intent is a run that was cut off before anything was destroyed: the next
/// run puts the folder back. An intent without an outcome is one that was cut off later: nobody
/// knows what it did, so the next run on that target refuses until a person has looked.
final class GuardJournal implements AutoCloseable {
    private static final String WRITER = "guard";
    private static final String HOLDING = "guard.exec.holding";
    private static final String RELEASED = "guard.exec.released";
    private static final String INTENT = "guard.exec.intent";
    private static final String OUTCOME = "guard.exec.outcome";
    private static final String REFUSED = "guard.exec.refused";
    private static final String SETTLED = "guard.exec.settled";

    private final Ledger ledger;
    private final SigningKey key;

    private GuardJournal(Ledger ledger, SigningKey key) {
        this.ledger = ledger;
        this.key = key;
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
                Ledger.open(Disk.folder(state.resolve("ledger")), WRITER, key, Time.system()), key);
    }

    /// For whoever writes other facts of this host into the same chain.
    Ledger ledger() {
        return ledger;
    }

    /// Whoever consents in this host's name, in this chain.
    ConsentIssuer consents(Duration validFor) {
        return new ConsentIssuer(ledger, key, IssuingHost.read(), validFor, Time.system());
    }

    /// Whoever asks for permits and spends them, in this chain.
    PermitDesk permits() {
        return new PermitDesk(ledger, IssuingHost.read(), Time.system());
    }

    /// Throws a [Problem] while this host's guard is not believed: it cleared a decoy that was
    /// live.
    void requireNotStopped() {
        permits()
                .stopped()
                .ifPresent(
                        reason -> {
                            throw new Problem(
                                    ErrorCode.REFUSED,
                                    "the guard of this host is stopped: " + reason,
                                    "find out why, then `backstay guard permit resume --reason TEXT`.");
                        });
    }

    /// Throws a [Problem] while the end of any earlier run, on any target, is not known.
    void requireNothingInDoubt() {
        var open = new LinkedHashMap<String, LedgerEntry>();
        for (LedgerEntry entry : ledger.entries()) {
            String target = entry.body().path("target").asString("");
            openAfter(entry, Optional.ofNullable(open.get(target)))
                    .ifPresentOrElse(begun -> open.put(target, begun), () -> open.remove(target));
        }
        if (!open.isEmpty()) {
            throw new Problem(
                    ErrorCode.IN_DOUBT,
                    "an earlier `guard exec` has no recorded end, on: "
                            + String.join(", ", open.keySet()),
                    "settle each with `backstay guard exec` on that target, then run this again.");
        }
    }

    /// What is without its end once this entry is written, of the entries about one target.
    private static Optional<LedgerEntry> openAfter(LedgerEntry entry, Optional<LedgerEntry> open) {
        return switch (entry.type()) {
            case HOLDING, INTENT -> Optional.of(entry);
            case RELEASED, OUTCOME, SETTLED -> Optional.empty();
            // put back by the run itself; says nothing about an intent
            case REFUSED -> open.filter(begun -> begun.type().equals(INTENT));
            default -> open;
        };
    }

    /// Puts back what a killed run left held, and throws a [Problem] while an earlier run's end is
    /// not known.
    void requireNoDoubt(GuardRequest request, Optional<String> settled) {
        String target = request.target().text();
        Optional<LedgerEntry> open = Optional.empty();
        for (LedgerEntry entry : ledger.entries()) {
            if (entry.body().path("target").asString("").equals(target)) {
                open = openAfter(entry, open);
            }
        }
        if (open.isEmpty() || isPutBack(open.get(), request)) {
            return;
        }
        String held = open.get().body().path("held").asString("");
        if (settled.isEmpty()) {
            throw new Problem(
                    ErrorCode.IN_DOUBT,
                    (open.get().type().equals(HOLDING)
                                    ? "an earlier run on %s was cut off at %s before its command began; it held it as %s, which cannot be put back"
                                    : "an earlier run on %s began at %s and has no recorded end; it held it as %s")
                            .formatted(target, open.get().time(), held),
                    "look at both names; when you know what happened, run this again with"
                            + " --settle-doubt 'WHAT YOU SAW'.");
        }
        ledger.append(SETTLED, "", null, Map.of("target", target, "reason", settled.get()));
    }

    private boolean isPutBack(LedgerEntry open, GuardRequest request) {
        if (!open.type().equals(HOLDING)) {
            return false;
        }
        Path held = Path.of(open.body().path("held").asString());
        boolean isBack =
                switch (request.target()) {
                    case Target.PathTarget(Path original) -> isPutBack(original, held);
                    // the kernel's claim ended with the process that had it
                    case Target.DeviceTarget _ -> true;
                    case Target.HostTarget _ -> false;
                };
        if (isBack) {
            write(RELEASED, request, held);
        }
        return isBack;
    }

    private static boolean isPutBack(Path original, Path held) {
        return switch (Interlock.putBack(original, held)) {
            case UNDER_ITS_OWN_NAME, PUT_BACK -> true;
            case NAME_TAKEN, GONE -> false;
        };
    }

    /// What `guard exec` writes of one run before it happens.
    GuardedAct.Recorder recorder(GuardRequest request) {
        return new GuardedAct.Recorder() {
            @Override
            public void holding(Path held) {
                write(HOLDING, request, held);
            }

            @Override
            public void intent(GuardAnswer answer, Path held, Interlock.Kind kind) {
                GuardJournal.this.intent(answer, request, held, kind);
            }
        };
    }

    private void write(String type, GuardRequest request, Path held) {
        ledger.append(
                type,
                "",
                null,
                Map.of(
                        "operation", request.operation(),
                        "target", request.target().text(),
                        "held", held.toString()));
    }

    private void intent(GuardAnswer answer, GuardRequest request, Path held, Interlock.Kind kind) {
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
                        "interlock", document.interlock(),
                        "commandExit", commandExit.isPresent() ? "" + commandExit.getAsInt() : "",
                        "reasons", outcome.answer().reasons(),
                        "evidence", outcome.answer().evidenceDigest()));
    }

    @Override
    public void close() {
        ledger.close();
    }
}
