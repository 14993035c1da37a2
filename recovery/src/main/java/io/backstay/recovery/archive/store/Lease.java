package io.backstay.recovery.archive.store;

import io.backstay.doors.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// One writer's hold on an archive in a bucket: the newest of the [Versions] `locks/ROLE`, each the
/// JSON of a [Claim].
///
/// ```
/// none, released, or its writer gone ─► the next number, written once ─► rewritten every BEAT ─► released
/// ```
///
/// A writer is gone when its process is seen to be gone on this host, or when it has not rewritten
/// its claim for [#LONGEST_SILENCE] by the store's clock. It finds out: [#requireHeld] is asked
/// between the reading and the writing of each new manifest, so what a writer does that was passed
/// over never counts.
final class Lease implements StoreLock {
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(90);
    private static final Duration BEAT = Duration.ofSeconds(20);
    private static final int FORMAT_VERSION = 1;

    /// Tokens of holds that this process gave up when the store did not answer.
    private static final Set<String> GIVEN_UP = ConcurrentHashMap.newKeySet();

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .build();

    private final Versions versions;
    private final String role;
    private final Runnable afterClose;
    private final long number;
    private final Claim claim;
    private final Thread heart;
    private boolean isClosing;

    private Lease(Versions versions, String role, Runnable afterClose, long number, Claim claim) {
        this.versions = versions;
        this.role = role;
        this.afterClose = afterClose;
        this.number = number;
        this.claim = claim;
        heart = Thread.ofPlatform().name("lease-" + role).daemon().unstarted(this::beat);
    }

    /// @param token of this hold alone
    /// @param beat counts the rewritings
    record Claim(
            int formatVersion, WriterIdentity writer, String token, long beat, boolean isReleased) {
        Claim with(long newBeat, boolean released) {
            return new Claim(formatVersion, writer, token, newBeat, released);
        }
    }

    static Attempt tryTake(Versions versions, String role, Runnable afterClose) {
        Optional<Versions.Newest> newest = versions.newest();
        if (newest.isPresent()) {
            Optional<Claim> before = versions.find(newest.get().number()).map(Lease::read);
            Duration silence = newest.get().age().orElse(Duration.ZERO);
            if (before.isPresent() && isHeld(before.get(), silence)) {
                return new Attempt.Held(
                        "%s, which gave a sign of life %d s ago"
                                .formatted(before.get().writer(), Math.max(0, silence.toSeconds())),
                        "one that was killed on another host is passed over after %d s"
                                .formatted(LONGEST_SILENCE.toSeconds()));
            }
        }
        var claim =
                new Claim(
                        FORMAT_VERSION,
                        WriterIdentity.own(),
                        UUID.randomUUID().toString(),
                        0,
                        false);
        long number = newest.map(Versions.Newest::number).orElse(0L) + 1;
        if (!versions.add(number, MAPPER.writeValueAsBytes(claim))) {
            return new Attempt.Held("one that began a moment ago", "look again in a minute");
        }
        versions.prune();
        var lease = new Lease(versions, role, afterClose, number, claim);
        lease.heart.start();
        return new Attempt.Taken(lease);
    }

    private static boolean isHeld(Claim claim, Duration silence) {
        return !claim.isReleased()
                && !GIVEN_UP.contains(claim.token())
                && !claim.writer().isGone()
                && silence.compareTo(LONGEST_SILENCE) <= 0;
    }

    /// Errors: another writer has passed this one over.
    void requireHeld() {
        Optional<Versions.Newest> newest = versions.newest();
        if (newest.isEmpty() || newest.get().number() != number) {
            throw new StoreProblem(
                    ErrorCode.FAILED,
                    "this process has lost its place as the only %s of the archive: it was silent for more than %d s"
                            .formatted(role, LONGEST_SILENCE.toSeconds()),
                    "what it was about to add does not count; run the same command again.");
        }
    }

    private void beat() {
        for (long count = 1; hasWaited(); count++) {
            try {
                versions.rewrite(number, MAPPER.writeValueAsBytes(claim.with(count, false)));
            } catch (StoreProblem _) {
                // the work itself meets the same and tells it; requireHeld has the last word
            }
        }
    }

    private synchronized boolean hasWaited() {
        long until = System.nanoTime() + BEAT.toNanos();
        try {
            while (!isClosing) {
                long leftMillis = (until - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    return true;
                }
                wait(leftMillis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /// Released at once if the store answers, else for others after [#LONGEST_SILENCE].
    @Override
    public void close() {
        synchronized (this) {
            if (isClosing) {
                return;
            }
            isClosing = true;
            notifyAll();
        }
        try {
            heart.join();
            versions.rewrite(number, MAPPER.writeValueAsBytes(claim.with(claim.beat(), true)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StoreProblem e) {
            GIVEN_UP.add(claim.token()); // others find this process gone, or silent
        } finally {
            afterClose.run();
        }
    }

    private static Claim read(byte[] json) {
        try {
            Claim claim = MAPPER.readValue(json, Claim.class);
            if (claim.formatVersion() == FORMAT_VERSION) {
                return claim;
            }
            throw new StoreProblem(
                    ErrorCode.UNSUPPORTED,
                    "a lock of the archive has format version "
                            + claim.formatVersion()
                            + ", this program reads "
                            + FORMAT_VERSION,
                    "use the version of backstay that wrote it, or a newer one.");
        } catch (JacksonException e) {
            throw new StoreProblem(
                    ErrorCode.BAD_FILE,
                    "a lock of the archive: expected a claim as JSON, found "
                            + e.getOriginalMessage(),
                    "if no backup and no stream is at work, delete what is under `locks/` of the archive.",
                    e);
        }
    }
}
