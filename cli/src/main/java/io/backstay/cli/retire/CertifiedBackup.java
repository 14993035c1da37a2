package io.backstay.cli.retire;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.retire.BackupProof;
import io.backstay.ledger.seal.TrustedKeys;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.Manifest;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.proof.Certificate;
import io.backstay.recovery.proof.CertificateFile;
import io.backstay.recovery.proof.CertificateFile.Checked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A backup by its restore's certificate: signed by a trusted key, of everything, all of it proven,
/// not too old.
///
/// It covers what the restored server held. With the archive, it also covers what the closed
/// segments behind that base hold, as long as they go on without a hole; those bytes were read from
/// the server and not restored yet.
///
/// @param file the certificate; empty: the newest that a trusted key signed, in the archive
/// @param archive empty: the certificate alone must cover all
/// @param ageMax since the restore ended
public record CertifiedBackup(
        Optional<Path> file, Optional<Path> archive, Path keys, Duration ageMax)
        implements BackupProof {

    public CertifiedBackup {
        if (file.isEmpty() && archive.isEmpty()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "no backup is named, and without one nothing may go",
                    "name a restore's certificate, an archive, or both: --certificate FILE, --archive DIR.");
        }
        if (!Files.isDirectory(keys)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "no certificate counts without trusted keys: %s is not a folder"
                            .formatted(keys),
                    "name the folder of public keys: --keys FOLDER.");
        }
    }

    @Override
    public List<String> against(MariaDbGtidState end) {
        Optional<Certificate> found = find();
        if (found.isEmpty()) {
            return List.of("no backup was ever proven: " + missing());
        }
        Certificate certificate = found.get();
        if (!certificate.provesAll()) {
            return List.of(
                    "the restore of %s did not prove all: %s"
                            .formatted(
                                    certificate.ended(),
                                    String.join("; ", certificate.unproven())));
        }
        if (!certificate.selection().equals("all")) {
            return List.of(
                    "the restore of %s was of a part: %s"
                            .formatted(certificate.ended(), certificate.selection()));
        }
        Duration age = Duration.between(certificate.ended(), Instant.now());
        if (age.compareTo(ageMax) > 0) {
            return List.of(
                    "the restore of %s is too old: expected at most %s, found %s"
                            .formatted(certificate.ended(), ageMax, age));
        }
        MariaDbGtidState covered;
        try {
            covered = covered(certificate);
        } catch (IllegalArgumentException e) {
            return List.of(
                    "the proven backup is none of a MariaDB server: " + certificate.target());
        }
        return end.isSubsetOf(covered)
                ? List.of()
                : List.of(
                        "the proven backup ends at %s, and here are %s"
                                .formatted(covered.isEmpty() ? "nothing" : covered, end));
    }

    private MariaDbGtidState covered(Certificate certificate) {
        MariaDbGtidState covered = MariaDbGtidState.parse(certificate.gtidBinlogState());
        if (archive.isEmpty()) {
            return covered;
        }
        Manifest manifest = Archive.open(archive.get()).manifest();
        Optional<BaseEntry> base =
                manifest.bases().stream()
                        .filter(
                                entry ->
                                        entry.id().equals(certificate.base().id())
                                                && entry.part()
                                                        .sha256()
                                                        .equals(certificate.base().sha256()))
                        .findFirst();
        if (base.isEmpty() || !manifest.archiveId().equals(certificate.archiveId())) {
            return covered; // a certificate of another archive says nothing of this one's log
        }
        for (SegmentEntry segment : manifest.segmentsAfter(base.get())) {
            covered = covered.union(MariaDbGtidState.parse(segment.lastGtids()));
        }
        return covered;
    }

    private Optional<Certificate> find() {
        var trusted = TrustedKeys.load(keys);
        if (file.isPresent()) {
            return Files.isRegularFile(file.get())
                    ? genuine(file.get(), trusted)
                    : Optional.empty();
        }
        Path folder = archive.orElseThrow().resolve("certificates");
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (var files = Files.list(folder)) {
            return files.filter(name -> name.toString().endsWith(".json"))
                    .sorted(Comparator.reverseOrder())
                    .map(name -> genuine(name, trusted))
                    .flatMap(Optional::stream)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is damaged or signed by somebody else counts as not there.
    private static Optional<Certificate> genuine(Path file, TrustedKeys trusted) {
        try {
            return CertificateFile.check(file, trusted) instanceof Checked.Genuine genuine
                    ? Optional.of(genuine.certificate())
                    : Optional.empty();
        } catch (Problem e) {
            return Optional.empty();
        }
    }

    private String missing() {
        return file.map(name -> name + " is no certificate that a key in " + keys + " signed")
                .orElseGet(
                        () ->
                                "no certificate in %s/certificates is signed by a key in %s"
                                        .formatted(archive.orElseThrow(), keys));
    }

    @Override
    public String says() {
        return find().map(
                        certificate ->
                                "restored and proven at %s up to %s%s"
                                        .formatted(
                                                certificate.ended(),
                                                certificate.gtid(),
                                                archive.isPresent()
                                                        ? ", and the log behind it"
                                                        : ""))
                .orElse("none");
    }
}
