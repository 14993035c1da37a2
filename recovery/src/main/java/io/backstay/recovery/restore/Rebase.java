package io.backstay.recovery.restore;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseDocument.Source;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.Rehearsals;
import io.backstay.recovery.archive.Rehearsals.Rehearsal;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Restores an archive to a scratch server, proves it, and makes what is there the next base.
///
/// ```
/// plan ─► restore ─► proven? ─no─► rehearsal written down, error
///                      └─yes─► base of the scratch server = what was proven? ─► entered, written down
/// ```
///
/// The next base has the place in the log that its rows stand for, not the scratch server's own.
/// Accounts and programs are those of the base before: a log with statements that could change them
/// is refused. Where the log has nothing new, the archive is proven and no base is added.
public final class Rebase {
    private final Archive archive;
    private final ServerAddress scratch;
    private final int threads;
    private final RecoveryListener listener;

    private Rebase(Archive archive, ServerAddress scratch, int threads, RecoveryListener listener) {
        this.archive = archive;
        this.scratch = scratch;
        this.threads = threads;
        this.listener = listener;
    }

    /// @param base the next base; empty if the log had nothing new
    public record Result(Rehearsal rehearsal, Optional<BaseEntry> base) {}

    /// @param scratch an empty server that nobody else uses; it keeps what is restored to it
    public static Result run(
            Archive archive, ServerAddress scratch, int threads, RecoveryListener listener) {
        return new Rebase(archive, scratch, threads, listener).run();
    }

    private Result run() {
        var request =
                new RestoreRequest(
                        archive.address(), scratch, new Until.End(), threads, false, false);
        RestorePlan plan = Restore.plan(request);
        plan.segments().stream().filter(SegmentEntry::hasDdl).findFirst().ifPresent(Rebase::refuse);
        try (FoldedLog log = FoldedLog.survey(archive, plan)) {
            Refusals.requireFolded(
                    log.fold(),
                    "rebase",
                    "take a new base of the source with `backstay backup`: rows that a server executed are not proven.");
        }
        RestoreResult restored = Restore.run(request, listener);
        if (!restored.isProven()) {
            Rehearsals.add(archive, rehearsal(plan, restored, ""));
            throw new Problem(
                    ErrorCode.UNPROVEN,
                    "archive %s was restored, but not all of it is proven: %s"
                            .formatted(archive.address(), String.join("; ", restored.unproven())),
                    "run `backstay archive verify --archive "
                            + archive.address()
                            + "`; take a new base with `backstay backup`.");
        }
        if (plan.segments().isEmpty() || restored.gtid().equals(plan.base().gtid())) {
            return written(rehearsal(plan, restored, ""), Optional.empty());
        }
        listener.phase("next base");
        BaseEntry base =
                Backup.run(
                                new BackupRequest(archive.address(), scratch, threads),
                                listener,
                                made -> retitled(made, plan, restored))
                        .base();
        return written(rehearsal(plan, restored, base.id()), Optional.of(base));
    }

    private Result written(Rehearsal rehearsal, Optional<BaseEntry> base) {
        Rehearsals.add(archive, rehearsal);
        return new Result(rehearsal, base);
    }

    private static Rehearsal rehearsal(RestorePlan plan, RestoreResult restored, String newBase) {
        return new Rehearsal(
                Rehearsal.FORMAT_VERSION,
                Instant.now(),
                plan.base().id(),
                newBase,
                restored.gtid(),
                restored.rows(),
                plan.segments().size(),
                restored.took().toMillis(),
                restored.isProven());
    }

    /// The scratch server's base as one of the source. Errors: rows that are not those proven.
    private BaseDocument retitled(BaseDocument made, RestorePlan plan, RestoreResult restored) {
        requireProvenRows(made, restored);
        BaseDocument before = plan.document();
        Source old = before.source();
        SegmentEntry last = plan.segments().getLast();
        Long lastSeconds = last.lastSeconds();
        Instant at = lastSeconds == null ? old.at() : Instant.ofEpochSecond(lastSeconds);
        var source =
                new Source(
                        old.version(),
                        last.serverId(),
                        at.isBefore(old.at()) ? old.at() : at,
                        restored.gtid(),
                        made.source().gtidBinlogState(),
                        old.gtidSlavePos(),
                        last.file(),
                        last.lastPosition(),
                        old.lowerCaseTableNames(),
                        old.characterSetServer(),
                        old.collationServer());
        return new BaseDocument(
                made.formatVersion(),
                made.id(),
                source,
                made.lock(),
                made.schemas(),
                made.tables(),
                before.programs(),
                before.accounts(),
                before.warnings());
    }

    private static void requireProvenRows(BaseDocument made, RestoreResult restored) {
        Map<String, String> proven =
                restored.tables().stream()
                        .collect(
                                Collectors.toMap(
                                        RestoreResult.TableResult::table,
                                        RestoreResult.TableResult::foundDigest));
        Map<String, String> copied =
                made.tables().stream()
                        .collect(
                                Collectors.toMap(
                                        BaseDocument.Table::qualifiedName,
                                        BaseDocument.Table::digest));
        if (!proven.equals(copied)) {
            List<String> wrong =
                    proven.entrySet().stream()
                            .filter(t -> !t.getValue().equals(copied.get(t.getKey())))
                            .map(Map.Entry::getKey)
                            .sorted()
                            .toList();
            throw new Problem(
                    ErrorCode.UNPROVEN,
                    "the scratch server's rows are not those that were proven a moment ago: "
                            + String.join(", ", wrong),
                    "look who else uses that server, and give one that nobody uses.");
        }
    }

    private static void refuse(SegmentEntry segment) {
        throw new Problem(
                ErrorCode.UNSUPPORTED,
                "cannot rebase: segment %s has statements that may change programs or accounts"
                        .formatted(segment.part().path()),
                "take a new base with `backstay backup`.");
    }
}
