package io.backstay.cli;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.consent.Consent;
import io.backstay.guard.consent.ConsentIssuer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "issue",
        description =
                "Look as `guard check` does, and only if this machine clears it, sign a consent that"
                        + " provisioning can use once.",
        footer = {
            "",
            "Run as root, on the host itself, as the last thing before it is restarted: what begins"
                    + " after the look is not seen. The first run makes the host's key,"
                    + " keys/guard.pub in the guard's own folder; bring it to provisioning as HOST.pub.",
            "Exit codes: 0 consented, 2 usage, 3 refused, 5 an earlier `guard exec` is in doubt."
        })
final class GuardConsentIssueCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private GuardTargetOptions options = new GuardTargetOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Where the consent goes; a new file.")
    private Path out = Path.of("");

    @Option(
            names = "--valid-for",
            paramLabel = "TIME",
            description = "From the look until it must be used, PT1M to PT1H. Default: PT10M.")
    private Duration validFor = Duration.ofMinutes(10);

    @Override
    public Integer call() {
        GuardRequest request = options.request();
        Path file = out.toAbsolutePath().normalize();
        requireNew(file);
        try (var journal = GuardJournal.open(options.requireStateForLedger())) {
            journal.requireNotStopped();
            ConsentIssuer issuer = journal.consents(validFor);
            journal.requireNothingInDoubt();
            GuardAnswer answer = options.guard().check(request);
            if (!answer.isCleared()) {
                issuer.refused(answer);
                tell(answer);
                return ErrorCode.REFUSED.exitCode();
            }
            ConsentIssuer.Issued issued = issuer.issue(answer);
            if (!Disk.createOnce(file, issued.signed() + "\n")) {
                requireNew(file);
            }
            console.result(
                    "CONSENTED %s of %s until %s: %s"
                            .formatted(
                                    issued.consent().operation(),
                                    issued.consent().target(),
                                    issued.consent().notAfter(),
                                    file),
                    () -> document(issued.consent(), file));
            return 0;
        }
    }

    private void tell(GuardAnswer answer) {
        if (console.isJson()) {
            console.resultJson(answer.toJson());
        } else {
            console.line(answer.text().stripTrailing());
        }
    }

    private static void requireNew(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot write a consent to %s: the file exists".formatted(file),
                    "delete it, or choose another name.");
        }
    }

    private static Map<String, Object> document(Consent consent, Path file) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("verdict", "consented");
        document.put("operation", consent.operation());
        document.put("target", consent.target());
        document.put("nonce", consent.nonce());
        document.put("machineId", consent.machineId());
        document.put("hardwareUuid", consent.hardwareUuid());
        document.put("notAfter", consent.notAfter().toString());
        document.put("evidenceDigest", consent.evidence());
        document.put("file", file.toString());
        return document;
    }
}
