package io.backstay.cli;

import java.util.concurrent.CompletableFuture;

/// Keeps a program that is told to end (Ctrl-C, SIGTERM, SIGHUP) alive until what it began has
/// ended and is written down, and lets it exit with the code of that.
final class EndWithCommand implements AutoCloseable {
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Thread hook;

    /// @param endSoon called once, from another thread, when the program is told to end
    EndWithCommand(Runnable endSoon) {
        hook =
                new Thread(
                        () -> {
                            endSoon.run();
                            Runtime.getRuntime().halt(exit.join());
                        },
                        "end-with-command");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// @param code what the program is about to exit with
    int endsWith(int code) {
        exit.complete(code);
        return code;
    }

    /// A program that failed on the way ends as a bug.
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            exit.complete(70); // it is ending: the hook runs, and has its code unless that failed
        }
    }
}
