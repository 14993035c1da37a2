package io.backstay.recovery.intake;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveLock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Takes a backup and a log that others made into an archive.
///
/// A base counts once it is entered in the manifest, as its last step; each segment by itself. So a
/// run that was killed anywhere is repeated with the same command, and one that was not adds
/// nothing: a base's name is the digest of its input.
public final class Intake {
    private final IntakeRequest request;
    private final RecoveryListener listener;

    private Intake(IntakeRequest request, RecoveryListener listener) {
        this.request = request;
        this.listener = listener;
    }

    public static IntakeResult run(IntakeRequest request, RecoveryListener listener) {
        if (request.base().isEmpty() && request.binlogs().isEmpty()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "nothing to import: neither a base nor a log is given",
                    "give --base DUMP_OR_DIR, --binlogs DIR, or both.");
        }
        return new Intake(request, listener).run();
    }

    private IntakeResult run() {
        Optional<BaseInput> input = request.base().map(BaseInput::of);
        Optional<LogFiles> logs = request.binlogs().map(LogFiles::in);
        Archive archive =
                input.isPresent()
                        ? Archive.openOrCreate(request.archive())
                        : Archive.open(request.archive());
        long started = System.nanoTime();
        Optional<BaseIntake.Result> base = Optional.empty();
        if (input.isPresent()) {
            try (ArchiveLock _ = archive.lock("backup")) {
                base = Optional.of(BaseIntake.run(archive, input.get(), logs, request, listener));
            }
        }
        long baseDone = System.nanoTime();
        var log = new LogIntake.Result(0, 0, 0);
        if (logs.isPresent()) {
            try (ArchiveLock _ = archive.lock("stream")) {
                log = LogIntake.run(archive, logs.get(), listener);
            }
        }
        return new IntakeResult(
                base.map(BaseIntake.Result::entry),
                base.map(BaseIntake.Result::isNew).orElse(false),
                base.map(BaseIntake.Result::losses).orElse(List.of()),
                base.map(BaseIntake.Result::warnings).orElse(List.of()),
                log.segments(),
                log.transactions(),
                log.bytes(),
                archive.end().orElse(""),
                Duration.ofNanos(baseDone - started),
                Duration.ofNanos(System.nanoTime() - baseDone));
    }
}
