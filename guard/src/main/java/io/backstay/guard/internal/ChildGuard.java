package io.backstay.guard.internal;

import io.backstay.doors.Commands;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.doors.Time;
import io.backstay.guard.Finding;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.Verdict;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A guard that has a process of its own look. A thread that the kernel does not let go keeps its
/// process from ending; it is that other process then, and this one answers at the deadline and can
/// end.
///
/// It touches neither the target nor anything on its disk itself.
public final class ChildGuard implements Guard {
    /// For the start of a program on a busy machine, beside the look's own budget.
    private static final Duration START = Duration.ofSeconds(10);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<String> program;
    private final Path state;
    private final Duration budget;

    /// @param program that takes `guard check` and its options
    /// @param state the guard's own folder, whether it is there or not: its list of names counts
    public ChildGuard(List<String> program, Path state, Duration budget) {
        this.program = List.copyOf(program);
        this.state = state;
        this.budget = budget;
    }

    @Override
    public Duration budget() {
        return budget;
    }

    /// Throws a usage [Problem] if that process finds that the target is none.
    ///
    /// @param request without anything that only this process knows: peers, a server
    @Override
    public GuardAnswer check(GuardRequest request) {
        Instant at = Instant.now();
        long started = System.nanoTime();
        try {
            return answer(request, lineOfChild(request));
        } catch (CannotLookException e) {
            Set<String> required = RequiredProbes.of(request);
            List<Finding> findings = HostGuard.blind(required, e);
            return new GuardAnswer(
                    request.operation(),
                    request.target().text(),
                    Verdict.of(required, findings),
                    findings,
                    Time.bootId(),
                    at,
                    Duration.ofNanos(System.nanoTime() - started));
        }
    }

    private String lineOfChild(GuardRequest request) throws CannotLookException {
        Commands.FirstLine said;
        try {
            said = Commands.firstLine(words(request), budget.plus(START));
        } catch (UncheckedIOException e) {
            throw new CannotLookException(
                    "the process that looks could not be started: " + e.getMessage(),
                    "look whether memory and processes are left on this machine");
        }
        if (said.timedOut()) {
            throw new CannotLookException(
                    "the process that looks gave no answer within %d ms"
                            .formatted(budget.plus(START).toMillis()),
                    "free the disk or process that hangs, or give it more time: --budget");
        }
        return said.line()
                .orElseThrow(
                        () ->
                                new CannotLookException(
                                        "the process that looks ended without an answer",
                                        "this is a fault of the guard: report it"));
    }

    private List<String> words(GuardRequest request) {
        var view = request.view();
        if (view.server().isPresent()
                || !view.peers().isEmpty()
                || !view.coveredOperations().isEmpty()
                || !request.fencedEnd().equals(Optional.empty())) {
            throw new IllegalArgumentException("cannot be asked by command line: " + request);
        }
        var words = new ArrayList<>(program);
        words.addAll(
                List.of(
                        "--output",
                        "json",
                        "guard",
                        "check",
                        "--operation",
                        request.operation(),
                        "--target",
                        request.target().text(),
                        "--budget",
                        budget.toString(),
                        "--state",
                        state.toString()));
        for (String address : view.addresses()) {
            words.addAll(List.of("--address", address));
        }
        return words;
    }

    private static GuardAnswer answer(GuardRequest request, String line)
            throws CannotLookException {
        try {
            JsonNode error = JSON.readTree(line).path("error");
            if (error.isMissingNode()) {
                return AnswerReader.read(request, line);
            }
            String message = error.path("message").asString("");
            if (error.path("code").asString("").equals("usage")) {
                throw new Problem(ErrorCode.USAGE, message, error.path("hint").asString(""));
            }
            throw new CannotLookException(
                    "the process that looks failed: " + message, error.path("hint").asString(""));
        } catch (JacksonException e) {
            throw new CannotLookException(
                    "the process that looks said what is no answer: " + line,
                    "this is a fault of the guard: report it");
        }
    }
}
