package io.backstay.change.evidence;

import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/// People, keys and statements as a good change has them.
public final class Statements {
    public static final Instant NOW = Instant.parse("2026-11-25T09:00:00Z");
    public static final SigningKey ANN = SigningKey.generate();
    public static final SigningKey BOB = SigningKey.generate();
    public static final SigningKey ERIN = SigningKey.generate();
    public static final SigningKey RUNNER = SigningKey.generate();
    public static final SigningKey VERIFIER = SigningKey.generate();
    public static final SigningKey CONTROLLER = SigningKey.generate();
    public static final TrustedKeys TRUSTED =
            TrustedKeys.none()
                    .with("ann", ANN.publicKey())
                    .with("bob", BOB.publicKey())
                    .with("erin", ERIN.publicKey())
                    .with("runner", RUNNER.publicKey())
                    .with("verifier", VERIFIER.publicKey())
                    .with("controller", CONTROLLER.publicKey());
    public static final Subjects SUBJECTS =
            new Subjects("CHG-1", "a".repeat(64), "b".repeat(64), "c".repeat(64));

    private Statements() {}

    public static Evidence passed() {
        return evidence(Evidence.Result.PASSED);
    }

    public static Evidence evidence(Evidence.Result result) {
        return new Evidence(
                "r-1",
                "runner",
                new Evidence.Tool("0.1.0", ""),
                NOW.minusSeconds(600),
                NOW.minusSeconds(60),
                new Evidence.Twin(List.of("10.11.5", "11.4.5"), 1, 3, 1000),
                1,
                List.of(new Evidence.StepTime("stop", "done", 900, 1100)),
                900,
                List.of(new Evidence.Fault("kill-controller", "goes on", "goes on", 800, true)),
                IntStream.rangeClosed(1, 5)
                        .mapToObj(i -> new Evidence.NegativeControl("n" + i, true, "peer.attached"))
                        .toList(),
                new Evidence.Backout(true, 1100, 0, NOW.plus(Duration.ofHours(12))),
                new Evidence.Restore(true, Duration.ofMinutes(2), 1 << 20),
                List.of("wan"),
                result,
                "",
                NOW.plus(Duration.ofHours(24)),
                "9bd1");
    }

    public static Approval approval(String who, String evidenceDigest) {
        return new Approval(
                who,
                Approval.Decision.GRANTED,
                "looked at it",
                evidenceDigest,
                NOW.minusSeconds(30),
                NOW.plus(Duration.ofHours(4)));
    }
}
