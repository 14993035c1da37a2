package io.backstay.guard.consent;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Which consents were used, as a folder that all who use consents share.
///
/// - `NONCE.spent` is there from the moment that its consent is spent. It is made by exclusive
///   creation: of several processes one makes it.
/// - The modification time of `clock` is the latest time that anybody saw here. It keeps a clock
///   that was put back from making a consent young again.
///
/// The folder is never made here: a new one would have forgotten everything.
public final class SpentConsents {
    private final Path folder;
    private final Path clock;

    private SpentConsents(Path folder) {
        this.folder = folder;
        this.clock = folder.resolve("clock");
    }

    /// @throws Problem if the folder is not there, or others than its owner may write to it
    public static SpentConsents open(Path folder) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "cannot tell which consents were used: %s is not a folder".formatted(folder),
                    "is its disk mounted? Only for the first time: `mkdir -m 700 %s`."
                            .formatted(folder));
        }
        try {
            Set<PosixFilePermission> found = Files.getPosixFilePermissions(folder);
            if (found.contains(PosixFilePermission.GROUP_WRITE)
                    || found.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new Problem(
                        ErrorCode.ENVIRONMENT,
                        "cannot trust %s: others than its owner may write to it".formatted(folder),
                        "`chmod 700 %s`; whoever can delete there can use a consent twice."
                                .formatted(folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SpentConsents(folder);
    }

    /// Notes the time, and says what is wrong with it.
    Optional<String> clockFault(Instant now) {
        try {
            if (!Disk.createOnce(clock, "")) {
                Instant latest = Files.getLastModifiedTime(clock).toInstant();
                if (latest.isAfter(now.plus(ConsentIssuer.CLOCK_STEP))) {
                    return Optional.of(
                            "the clock here went backwards: it was %s before, and now is %s"
                                    .formatted(latest, now));
                }
                if (!latest.isBefore(now)) {
                    return Optional.empty();
                }
            }
            Files.setLastModifiedTime(clock, FileTime.from(now));
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return false if somebody was first
    boolean spend(String host, Consent consent, Instant now) {
        return Disk.createOnce(
                file(consent),
                "%s %s %s of %s, ledger %s%n"
                        .formatted(
                                now,
                                host,
                                consent.operation(),
                                consent.target(),
                                consent.ledgerHead()));
    }

    private Path file(Consent consent) {
        return folder.resolve(consent.nonce() + ".spent");
    }
}
