package io.backstay.cli;

import io.backstay.doors.Disk;
import io.backstay.doors.Problem;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import io.backstay.recovery.proof.Certificate;
import io.backstay.recovery.proof.CertificateFile;
import io.backstay.recovery.proof.Witness;
import io.backstay.recovery.restore.Certification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Where a restore's certificate goes and who signs it.
@Command
final class CertificateOptions {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'.'SSS'Z'").withZone(ZoneOffset.UTC);

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description =
                    "Where the certificate goes. Default: `certificates/TIME.json` in the archive; for one that is in a bucket or encrypted, in its spool folder.")
    private Optional<Path> wanted = Optional.empty();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "The key that signs it, as `key new` makes one. Default: ~/.backstay/restore/restore.key,"
                            + " made when it is not there; its public half is restore.pub beside it.")
    private Optional<Path> key = Optional.empty();

    @Option(
            names = "--no-witness",
            description = "Do not let mariadb-binlog decode a sample of the log again.")
    private boolean isWithoutWitness;

    private Path file = Path.of("");
    private String keyId = "";

    /// Loads the key at once: a key that is not there is told before anything is changed.
    ///
    /// @param folder of the archive, or its spool
    Certification certification(Path folder) {
        SigningKey signer = key.map(SigningKey::load).orElseGet(CertificateOptions::ownKey);
        keyId = signer.id();
        file =
                wanted.orElseGet(
                                () ->
                                        folder.resolve("certificates")
                                                .resolve(NAME.format(Instant.now()) + ".json"))
                        .toAbsolutePath();
        return new Certification(
                isWithoutWitness ? Optional.empty() : Witness.find(),
                certificate -> CertificateFile.write(file, certificate, signer));
    }

    Path file() {
        return file;
    }

    String keyId() {
        return keyId;
    }

    String said() {
        return "certificate %s, signed by key %s".formatted(file, keyId);
    }

    /// How long a restore of so much text takes, by the newest one from this archive that this
    /// machine has signed; unknown is said, not guessed.
    static String estimate(Path archive, long bytes) {
        Path folder = archive.resolve("certificates");
        if (Files.isDirectory(folder) && Files.isDirectory(ownFolder())) {
            TrustedKeys own = TrustedKeys.load(ownFolder());
            for (Path file : newestFirst(folder)) {
                Optional<Certificate> earlier = genuine(file, own);
                if (earlier.isPresent() && earlier.get().bytesPerSecond() > 0) {
                    double rate = earlier.get().bytesPerSecond();
                    return "time: about %.1f minutes, as the restore of %s to %s ran at %.1f MB/s"
                            .formatted(
                                    bytes / rate / 60,
                                    earlier.get().ended(),
                                    earlier.get().target().address(),
                                    rate / 1e6);
                }
            }
        }
        return "time: not measured; no restore from this archive has been certified by this machine";
    }

    /// Empty also for what is damaged: an estimate does without it.
    private static Optional<Certificate> genuine(Path file, TrustedKeys own) {
        try {
            return CertificateFile.check(file, own)
                            instanceof CertificateFile.Checked.Genuine genuine
                    ? Optional.of(genuine.certificate())
                    : Optional.empty();
        } catch (Problem e) {
            return Optional.empty();
        }
    }

    private static List<Path> newestFirst(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path ownFolder() {
        return Path.of(System.getProperty("user.home", "/tmp"), ".backstay", "restore");
    }

    private static SigningKey ownKey() {
        Path folder = ownFolder();
        Path file = Disk.folder(folder).resolve("restore.key");
        if (Files.exists(file)) {
            return SigningKey.load(file);
        }
        SigningKey made = SigningKey.create(file);
        TrustedKeys.save(folder, "restore", made.publicKey());
        return made;
    }
}
