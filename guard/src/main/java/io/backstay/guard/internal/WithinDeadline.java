package io.backstay.guard.internal;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Work that may hang in the kernel or on a network, and an answer in time all the same. A thread
/// that hangs is left behind; it is a daemon.
final class WithinDeadline {
    private WithinDeadline() {}

    /// Begins at once.
    static <T> CompletableFuture<T> begin(String name, Callable<T> work) {
        var answer = new CompletableFuture<T>();
        Thread.ofPlatform()
                .daemon()
                .name(name)
                .start(
                        () -> {
                            try {
                                answer.complete(work.call());
                            } catch (Exception e) {
                                answer.completeExceptionally(e);
                            }
                        });
        return answer;
    }

    /// @throws CannotLookException at the deadline, or for whatever the work threw
    static <T> T await(CompletableFuture<T> answer, Duration deadline, String what, String remedy)
            throws CannotLookException {
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CannotLookException(
                    "%s gave no answer within %d ms".formatted(what, deadline.toMillis()), remedy);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CannotLookException blind) {
                throw blind;
            }
            throw new CannotLookException(what + ": " + firstLine(e.getCause()), remedy);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotLookException(what + ": interrupted", "ask again");
        }
    }

    private static String firstLine(@org.jspecify.annotations.Nullable Throwable e) {
        return String.valueOf(e == null ? null : e.getMessage()).lines().findFirst().orElse("?");
    }
}
