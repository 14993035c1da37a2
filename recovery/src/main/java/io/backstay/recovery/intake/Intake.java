package io.backstay.recovery.intake;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveLock;
import io.backstay.recovery.physical.CopyServers;
import java.nio.file.Path;
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
    private final Optional<CopyServers> servers;

    private Intake(
            IntakeRequest request, RecoveryListener listener, Optional<CopyServers> servers) {
        this.request = request;
        this.listener = listener;
        this.servers = servers;
    }

    /// Without servers to start: a physical copy is refused.
    public static IntakeResult run(IntakeRequest request, RecoveryListener listener) {
        return run(request, listener, Optional.empty());
    }

    /// @param servers asked for a server if the base is a physical copy
    public static IntakeResult run(
            IntakeRequest request, RecoveryListener listener, Optional<CopyServers> servers) {
        if (request.base().isEmpty() && request.binlogs().isEmpty()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "nothing to import: neither a base nor a log is given",
                    "give --base DUMP_OR_DIR, --binlogs DIR, or both.");
        }
        return new Intake(request, listener, servers).run();
    }

    private BaseIntake.Result base(Archive archive, BaseInput input, Optional<LogFiles> logs) {
        if (input instanceof BaseInput.PhysicalFolder(var folder)) {
            return PhysicalIntake.run(
                    archive,
                    folder,
                    logs,
                    request,
                    servers.orElseThrow(() -> noServers(folder)),
                    listener);
        }
        try (ArchiveLock _ = archive.lock("backup")) {
            return BaseIntake.run(archive, input, logs, request, listener);
        }
    }

    private static Problem noServers(Path folder) {
        return new Problem(
                ErrorCode.UNSUPPORTED,
                "--base " + folder + " is a physical copy, and no server may be started on it here",
                "`backstay archive import` starts one.");
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
            base = Optional.of(base(archive, input.get(), logs));
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
