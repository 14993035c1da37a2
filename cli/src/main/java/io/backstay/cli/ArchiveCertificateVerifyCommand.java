package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.ledger.seal.TrustedKeys;
import io.backstay.recovery.proof.Certificate;
import io.backstay.recovery.proof.CertificateFile;
import io.backstay.recovery.proof.CertificateFile.Checked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description =
                "Check a restore's certificate, offline: who signed it, and whether it proves all.",
        footer =
                "%nExit codes: 0 genuine and all is proven, 1 not what a trusted key signed, 2 no certificate"
                        + " there or no keys, 4 genuine, but it names what is not proven.")
final class ArchiveCertificateVerifyCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Parameters(paramLabel = "FILE", description = "The certificate.")
    private Path file = Path.of("");

    @Option(
            names = "--keys",
            paramLabel = "FOLDER",
            description =
                    "Folder of the public keys that are trusted, OWNER.pub each. Default: ~/.backstay/restore.")
    private Path keys = Path.of(System.getProperty("user.home", "/tmp"), ".backstay", "restore");

    @Override
    public Integer call() {
        if (!Files.isDirectory(keys)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot verify without trusted keys: %s is not a folder".formatted(keys),
                    "name the folder of public keys: --keys FOLDER.");
        }
        return switch (CertificateFile.check(file, TrustedKeys.load(keys))) {
            case Checked.Rejected(String reason) -> {
                console.result("REJECTED " + reason, () -> rejected(reason));
                yield ErrorCode.FAILED.exitCode();
            }
            case Checked.Genuine(Certificate certificate, Set<String> owners) -> {
                console.result(text(certificate, owners), () -> document(certificate, owners));
                yield certificate.provesAll() ? 0 : ErrorCode.UNPROVEN.exitCode();
            }
        };
    }

    private static String text(Certificate certificate, Set<String> owners) {
        var text = new StringBuilder();
        text.append(
                "signed by %s: archive %s, base %s, until %s, restored to %s (%s) at %s\n"
                        .formatted(
                                String.join(", ", owners),
                                certificate.archiveId(),
                                certificate.base().id(),
                                certificate.until(),
                                certificate.target().address(),
                                certificate.target().version(),
                                certificate.ended()));
        var coverage = certificate.coverage();
        text.append(
                "log: %s to %s, %d segments, %d transactions, %d repeated, %d numbers the source never gave\n"
                        .formatted(
                                coverage.from().isEmpty() ? "(none)" : coverage.from(),
                                coverage.to().isEmpty() ? "(none)" : coverage.to(),
                                coverage.stretches().size(),
                                coverage.transactions(),
                                coverage.repeated(),
                                coverage.unusedNumbers()));
        text.append(
                "tables: %d, in %d key ranges, each read back\n"
                        .formatted(
                                certificate.tables().size(),
                                certificate.tables().stream()
                                        .mapToInt(table -> table.ranges().size())
                                        .sum()));
        var witness = certificate.witness();
        witness.tables()
                .forEach(
                        table ->
                                text.append(
                                        "witnessed by %s: %s, %d rows, %s columns\n"
                                                .formatted(
                                                        witness.by(),
                                                        table.table(),
                                                        table.rows(),
                                                        table.columns())));
        witness.notWitnessed()
                .forEach(reason -> text.append("not witnessed: ").append(reason).append('\n'));
        certificate
                .unproven()
                .forEach(reason -> text.append("NOT PROVEN ").append(reason).append('\n'));
        text.append(certificate.provesAll() ? "genuine, and all is proven" : "genuine");
        return text.toString();
    }

    private static Map<String, Object> rejected(String reason) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("genuine", false);
        document.put("reason", reason);
        return document;
    }

    private static Map<String, Object> document(Certificate certificate, Set<String> owners) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("genuine", true);
        document.put("owners", owners);
        document.put("proven", certificate.provesAll());
        document.put("certificate", certificate);
        return document;
    }
}
