package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.Rate;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.StreamStatus;
import io.backstay.recovery.stream.Streamer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "stream",
        description = "Follow a server's binary log into an archive, from the archive's end on.",
        footer = {
            "",
            "Runs until it is stopped (Ctrl-C, SIGTERM) or --until-now is reached. Killed at any moment, it goes",
            "on where its disk is. Another member of the same cluster may be given the next time: by GTID.",
            "`backstay doctor --grants stream` says what the account needs.",
            "Exit codes: 0 stopped or all read, 1 failed (a gap, a purged log), 2 usage or the server is away."
        })
final class StreamCommand implements Callable<Integer> {
    private static final Duration TELL_EVERY = Duration.ofSeconds(10);

    @Mixin private Console console = new Console();
    @Mixin private ArchiveOption archive = new ArchiveOption();
    @Mixin private RateOption rate = new RateOption();

    @Option(
            names = "--server",
            required = true,
            paramLabel = "URL",
            converter = ServerAddressConverter.class,
            description =
                    "mysql://USER@HOST:PORT or mysql:///PATH.sock?user=USER. Any member of the cluster.")
    private @Nullable ServerAddress server;

    @Option(names = "--until-now", description = "End when all is read that the server has now.")
    private boolean isUntilNow;

    @Option(
            names = "--semi-sync",
            description =
                    "Commits on the server are answered only when they are durable in the archive (MariaDB, with"
                            + " rpl_semi_sync_master_enabled). How long it waits for that is its own"
                            + " rpl_semi_sync_master_timeout.")
    private boolean isSemiSync;

    @Option(
            names = "--segment-seconds",
            paramLabel = "N",
            description =
                    "A segment is closed into the archive after so long at the latest: what a lost machine takes with"
                            + " it, for an archive in a bucket. Default: 600.")
    private @Nullable Integer segmentSeconds;

    @Override
    public Integer call() throws InterruptedException {
        StreamRequest request =
                StreamRequest.of(archive.address(), Objects.requireNonNull(server))
                        .withRate(rate.rate);
        if (segmentSeconds != null) {
            if (segmentSeconds < 1) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "--segment-seconds: expected at least 1, found " + segmentSeconds,
                        "leave it out for 600.");
            }
            request = request.withSegmentAge(Duration.ofSeconds(segmentSeconds));
        }
        if (isUntilNow && isSemiSync) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--semi-sync is for a stream that goes on, found --until-now",
                    "leave one of them out.");
        }
        if (isSemiSync && !rate.rate.equals(Rate.unlimited())) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--rate would hold up the server's commits, which wait for a stream --semi-sync",
                    "leave one of them out.");
        }
        if (isUntilNow || isSemiSync) {
            request = isUntilNow ? request.untilNow() : request.semiSync();
        }
        Streamer streamer = Streamer.start(request, new RecoveryProgress(console));
        Thread stopper = new Thread(streamer::close, "stream-stop");
        Runtime.getRuntime().addShutdownHook(stopper);
        try (streamer) {
            while (!streamer.awaitEnded(TELL_EVERY)) {
                console.say(text(streamer.status()));
            }
        } finally {
            forget(stopper);
        }
        StreamStatus status = streamer.status();
        console.result(text(status), () -> document(status));
        return 0;
    }

    private static void forget(Thread stopper) {
        try {
            Runtime.getRuntime().removeShutdownHook(stopper);
        } catch (IllegalStateException e) {
            // the process is ending already, and the hook has done its work
            return;
        }
    }

    private static String text(StreamStatus status) {
        return "%s %s: archive ends at %s, %d transactions, %.1f MB%s%s"
                .formatted(
                        status.state().name().toLowerCase(java.util.Locale.ROOT),
                        status.source(),
                        status.end(),
                        status.transactions(),
                        status.bytes() / 1e6,
                        status.secondsBehind() < 0
                                ? ""
                                : ", " + status.secondsBehind() + " s behind",
                        status.trouble().isEmpty() ? "" : "\n" + status.trouble());
    }

    private static Map<String, Object> document(StreamStatus status) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("state", status.state());
        document.put("source", status.source());
        document.put("end", status.end().toString());
        document.put("transactions", status.transactions());
        document.put("bytes", status.bytes());
        document.put("reconnects", status.reconnects());
        return document;
    }
}
