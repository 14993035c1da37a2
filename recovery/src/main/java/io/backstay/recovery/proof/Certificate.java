package io.backstay.recovery.proof;

import io.backstay.recovery.proof.LogCoverage.Coverage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What a restore did and what of it is proven, to be kept and checked by others.
///
/// As JSON, the predicate of an in-toto statement: [CertificateFile].
///
/// @param archiveId of the archive
/// @param until as it was asked for
/// @param gtid position of the restored server
/// @param selection `all`, or what was named
/// @param target address, version and server id
/// @param unproven what could not be shown, by name; empty if all is proven
public record Certificate(
        String writer,
        Instant begun,
        Instant ended,
        String archiveId,
        Base base,
        String until,
        String gtid,
        String gtidBinlogState,
        String selection,
        Target target,
        Coverage coverage,
        List<ProvenTable> tables,
        Witness.Report witness,
        List<String> notes,
        List<String> unproven) {

    /// @param sha256 of its table of contents, which names every chunk
    public record Base(String id, String sha256, String gtid, String serverVersion) {}

    /// @param confirmedBy what allowed it to be changed: `proven empty`, `names proven free`, a
    ///   plan's digest
    public record Target(String address, String version, long serverId, String confirmedBy) {}

    /// Text loaded, indexed and read back a second, over the whole restore; 0 if it was too short
    /// to tell.
    public double bytesPerSecond() {
        double seconds = Duration.between(begun, ended).toMillis() / 1e3;
        long bytes = tables.stream().mapToLong(ProvenTable::bytes).sum();
        return seconds <= 0 ? 0 : bytes / seconds;
    }

    /// Not a getter, so that it is no field of the JSON.
    public boolean provesAll() {
        return unproven.isEmpty();
    }
}
