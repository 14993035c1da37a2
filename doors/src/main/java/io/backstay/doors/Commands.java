package io.backstay.doors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Programs run to their end, as argument lists, never through a shell.
public final class Commands {
    private Commands() {}

    /// @param exit the program's exit code; empty output is empty text
    /// @param timedOut it was killed (SIGKILL: some programs swallow SIGTERM) at the deadline;
    ///   `exit` means nothing then
    public record Result(int exit, String out, String err, boolean timedOut) {}

    /// Runs a program and takes all it says.
    ///
    /// @param folder its working directory, null for this process's own
    public static Result run(List<String> command, @Nullable Path folder, Duration deadline) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(folder == null ? null : folder.toFile())
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .start();
            CompletableFuture<String> out = read(process.getInputStream());
            CompletableFuture<String> err = read(process.getErrorStream());
            boolean ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                process.waitFor();
            }
            return new Result(process.exitValue(), out.join(), err.join(), !ended);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command.getFirst(), e);
        }
    }

    /// Runs two programs, the first one's output into the second one's input, to their end. The
    /// second one's output is thrown away.
    ///
    /// @param errors where both say what went wrong; made if it is not there
    /// @return exit codes of both
    public static List<Integer> pipe(List<String> from, List<String> to, Path errors) {
        var said = ProcessBuilder.Redirect.appendTo(errors.toFile());
        try {
            List<Process> pipeline =
                    ProcessBuilder.startPipeline(
                            List.of(
                                    new ProcessBuilder(from).redirectError(said),
                                    new ProcessBuilder(to)
                                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                            .redirectError(said)));
            try {
                return List.of(pipeline.get(0).waitFor(), pipeline.get(1).waitFor());
            } finally {
                pipeline.forEach(Process::destroyForcibly);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + from.getFirst(), e);
        }
    }

    /// What a program said first.
    ///
    /// @param line empty if it said nothing
    /// @param timedOut it said nothing by the deadline, and may still live
    public record FirstLine(Optional<String> line, boolean timedOut) {}

    /// Starts a program and takes the first line that it says. It is killed then, and its end is
    /// not waited for: the kernel may not let it go. Its errors are this process's own.
    public static FirstLine firstLine(List<String> command, Duration deadline) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            var line = new CompletableFuture<Optional<String>>();
            Thread.ofVirtual().start(() -> readLine(process, line));
            try {
                return new FirstLine(line.get(deadline.toMillis(), TimeUnit.MILLISECONDS), false);
            } catch (TimeoutException e) {
                return new FirstLine(Optional.empty(), true);
            } catch (ExecutionException e) {
                return new FirstLine(Optional.empty(), false); // as good as said nothing
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command.getFirst(), e);
        }
    }

    private static void readLine(Process process, CompletableFuture<Optional<String>> line) {
        try {
            line.complete(
                    Optional.ofNullable(process.inputReader(StandardCharsets.UTF_8).readLine()));
        } catch (IOException e) {
            line.completeExceptionally(e);
        }
    }

    /// Takes a program's output while it runs. What it throws ends the program.
    @FunctionalInterface
    public interface OutputReader {
        void read(java.io.InputStream out) throws IOException;
    }

    /// Runs a program to its end and hands its output out as it comes.
    ///
    /// @param errors where it says what went wrong; made if it is not there
    /// @return its exit code
    public static int stream(List<String> command, Path errors, OutputReader reader) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                            .start();
            try (var out = process.getInputStream()) {
                reader.read(out);
                return process.waitFor();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command.getFirst(), e);
        }
    }

    private static CompletableFuture<String> read(java.io.InputStream stream) {
        var text = new CompletableFuture<String>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (stream) {
                                text.complete(
                                        new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                            } catch (IOException e) {
                                text.completeExceptionally(e);
                            }
                        });
        return text;
    }
}
