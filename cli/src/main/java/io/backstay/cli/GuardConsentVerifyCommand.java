package io.backstay.cli;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.guard.consent.ConsentAnswer;
import io.backstay.guard.consent.ConsentDemand;
import io.backstay.guard.consent.ConsentDesk;
import io.backstay.guard.consent.SpentConsents;
import io.backstay.ledger.seal.TrustedKeys;
import io.backstay.ledger.seal.VerifyingKey;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = "Use a host's consent up, if it is good: to be run right before the act.",
        footer = {
            "",
            "Verifying and spending is one step: run a second time, it refuses. Needs no guard, no"
                    + " root and no network; runs where machines are provisioned.",
            "Exit codes: 0 good, and spent now; 2 usage; 3 refused."
        })
final class GuardConsentVerifyCommand implements Callable<Integer> {
    private static final String UNKNOWN = "unknown";

    @Mixin private Console console = new Console();

    @Parameters(paramLabel = "FILE", description = "The consent.")
    private Path file = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "HOST.pub",
            required = true,
            description = "The public key of the host that is to be destroyed, named after it.")
    private Path key = Path.of("");

    @Option(
            names = "--spent",
            paramLabel = "FOLDER",
            required = true,
            description = "Which consents were used; one folder for all who use them.")
    private Path spent = Path.of("");

    @Option(
            names = "--operation",
            paramLabel = "NAME",
            required = true,
            description = "What will be done.")
    private String operation = "";

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            required = true,
            description = "To what, as the host was asked: host, device:DEV or path:DIR.")
    private String target = "";

    @Option(
            names = "--uuid",
            paramLabel = "UUID",
            required = true,
            description =
                    "Hardware UUID of the machine that will be destroyed, from your own records; or"
                            + " `unknown`: then a copy of that host's disk counts as that host.")
    private String uuid = "";

    @Override
    public Integer call() {
        if (uuid.isBlank()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "the hardware UUID is empty",
                    "take it from your records of the machine, or say `--uuid unknown`.");
        }
        String host = host();
        ConsentAnswer answer =
                new ConsentDesk(
                                TrustedKeys.none().with(host, VerifyingKey.load(key)),
                                SpentConsents.open(spent.toAbsolutePath()),
                                Time.system())
                        .verifyAndSpend(
                                Disk.readText(file),
                                new ConsentDemand(
                                        host,
                                        operation,
                                        target,
                                        Optional.of(uuid).filter(id -> !id.equals(UNKNOWN))));
        return switch (answer) {
            case ConsentAnswer.Given(_, var consent) -> {
                console.result(
                        "GIVEN by %s: %s of %s, spent as %s"
                                .formatted(host, operation, target, consent.nonce()),
                        () ->
                                Map.of(
                                        "schemaVersion",
                                        1,
                                        "verdict",
                                        "given",
                                        "host",
                                        host,
                                        "nonce",
                                        consent.nonce(),
                                        "evidenceDigest",
                                        consent.evidence(),
                                        "ledgerHead",
                                        consent.ledgerHead()));
                yield 0;
            }
            case ConsentAnswer.Refused(String reason) -> {
                console.result(
                        "REFUSED consent of %s: %s".formatted(host, printable(reason)),
                        () ->
                                Map.of(
                                        "schemaVersion",
                                        1,
                                        "verdict",
                                        "refused",
                                        "host",
                                        host,
                                        "reason",
                                        reason));
                yield ErrorCode.REFUSED.exitCode();
            }
        };
    }

    private String host() {
        String name = String.valueOf(key.getFileName());
        if (!name.endsWith(".pub")) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "expected a public key named HOST.pub, found %s".formatted(name),
                    "name the file after its host.");
        }
        return name.substring(0, name.length() - ".pub".length());
    }

    /// A damaged file's words must not steer a terminal.
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
