package io.backstay.guard.permit;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.consent.IssuingHost;
import io.backstay.ledger.Ledger;
import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.TrustedKeys;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Asks for permits and spends them, in this host's own ledger.
///
/// - A permit is good once, in the boot in which it was asked for, for exactly the command, target
///   and operation that two people signed.
/// - It is spent, durably, before the guard looks: a refusal spends it as well, so that nobody asks
///   until a no becomes a yes.
/// - While permits are stopped none is good: [#stop].
public final class PermitDesk {
    public static final int SIGNERS_MIN = 2;
    static final Duration VALID_MAX = Duration.ofHours(1);

    private static final String ASKED = "guard.permit.asked";
    private static final String SPENT = "guard.permit.spent";
    private static final String STOPPED = "guard.permits.stopped";
    private static final String RESUMED = "guard.permits.resumed";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Ledger ledger;
    private final IssuingHost host;
    private final Time time;

    public PermitDesk(Ledger ledger, IssuingHost host, Time time) {
        this.ledger = ledger;
        this.host = host;
        this.time = time;
    }

    /// @param validFor at most an hour
    public PermitAsk ask(GuardRequest request, List<String> command, Duration validFor) {
        if (!validFor.isPositive() || validFor.compareTo(VALID_MAX) > 0) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "a permit cannot be valid for %s, expected up to %s"
                            .formatted(validFor, VALID_MAX),
                    "ask when the command is about to run: --valid-for PT30M.");
        }
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        var ask =
                new PermitAsk(
                        1,
                        host.machineId(),
                        host.hardwareUuid(),
                        host.bootId(),
                        request.operation(),
                        request.target().text(),
                        command,
                        HexFormat.of().formatHex(nonce),
                        time.sinceBoot().plus(validFor).toSeconds());
        ledger.append(
                ASKED,
                "",
                null,
                Map.of(
                        "nonce", ask.nonce(),
                        "digest", ask.digest(),
                        "operation", ask.operation(),
                        "target", ask.target(),
                        "command", ask.command()));
        return ask;
    }

    /// Spends the permit that these files are, each signed by one or more.
    ///
    /// @throws Problem if it is not good, with what is wrong; then nothing was spent
    public void spend(
            List<String> signed, TrustedKeys people, GuardRequest request, List<String> command) {
        stopped().ifPresent(why -> refuse("permits are stopped: " + why));
        PermitAsk ask = requireSigned(signed, people);
        if (!ask.machineId().equals(host.machineId())
                || !ask.hardwareUuid().equals(host.hardwareUuid())) {
            refuse("it was asked for by another machine");
        }
        if (host.bootId().isEmpty() || !ask.bootId().equals(host.bootId())) {
            refuse("it was asked for in another boot");
        }
        if (!ask.operation().equals(request.operation())
                || !ask.target().equals(request.target().text())) {
            refuse(
                    "it is for %s of %s, not for %s of %s"
                            .formatted(
                                    ask.operation(),
                                    ask.target(),
                                    request.operation(),
                                    request.target().text()));
        }
        if (!ask.command().equals(command)) {
            refuse("it is for the command %s, not for %s".formatted(ask.command(), command));
        }
        if (time.sinceBoot().toSeconds() > ask.notAfterBootSeconds()) {
            refuse("its time is over");
        }
        requireAskedAndUnspent(ask);
        ledger.append(SPENT, "", null, Map.of("nonce", ask.nonce()));
    }

    private static PermitAsk requireSigned(List<String> signed, TrustedKeys people) {
        var signers = new TreeSet<String>();
        byte[] payload = new byte[0];
        for (String file : signed) {
            switch (Envelope.parse(file).verify(people, PermitAsk.PAYLOAD_TYPE, 1)) {
                case Envelope.Verification.Rejected(String why) -> refuse(why);
                case Envelope.Verification.Verified(byte[] bytes, var owners) -> {
                    if (payload.length > 0 && !Arrays.equals(payload, bytes)) {
                        refuse("the files are for different things");
                    }
                    payload = bytes;
                    signers.addAll(owners);
                }
            }
        }
        if (signers.size() < SIGNERS_MIN) {
            refuse(
                    "expected signatures by %d people that are trusted here, found %s"
                            .formatted(SIGNERS_MIN, signers));
        }
        return PermitAsk.of(payload);
    }

    private void requireAskedAndUnspent(PermitAsk ask) {
        boolean isAsked = false;
        for (LedgerEntry entry : ledger.entries()) {
            if (!entry.body().path("nonce").asString("").equals(ask.nonce())) {
                continue;
            }
            if (entry.type().equals(SPENT)) {
                refuse("it was used before, at " + entry.time());
            }
            isAsked |=
                    entry.type().equals(ASKED)
                            && entry.body().path("digest").asString("").equals(ask.digest());
        }
        if (!isAsked) {
            refuse("this host has not asked for it");
        }
    }

    /// From now on no permit is good on this host.
    public void stop(String why) {
        ledger.append(STOPPED, "", null, Map.of("reason", why));
    }

    /// Permits are good again: a person says what was found and put right.
    public void resume(String reason) {
        ledger.append(RESUMED, "", null, Map.of("reason", reason));
    }

    /// Why permits are stopped; empty if they are not.
    public Optional<String> stopped() {
        Optional<String> why = Optional.empty();
        for (LedgerEntry entry : ledger.entries()) {
            if (entry.type().equals(STOPPED)) {
                why = Optional.of(entry.body().path("reason").asString(""));
            } else if (entry.type().equals(RESUMED)) {
                why = Optional.empty();
            }
        }
        return why;
    }

    private static void refuse(String why) {
        throw new Problem(
                ErrorCode.REFUSED,
                "the permit is not good: " + why,
                "ask for a new one with `backstay guard permit ask`, and have it signed by two people.");
    }
}
