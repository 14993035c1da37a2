package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What the guard is asked about, without any configuration: nothing is covered by peers then, and
/// nothing but empty folders and a few names is disposable.
@Command
final class GuardTargetOptions {
    private static final Set<String> OPERATIONS = new TreeSet<>(Set.of("wipe", "reinstall"));

    private static final Duration BUDGET_MIN = Duration.ofSeconds(3);

    private final Optional<List<String>> program = OwnProgram.thatLooks();

    @Option(
            names = "--operation",
            paramLabel = "NAME",
            required = true,
            description = "What is to be done: wipe or reinstall.")
    private String operation = "";

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            required = true,
            description =
                    "What would be destroyed: path:DIR, a folder by its full and real path;"
                            + " device:DEV, a disk or partition; or host, all of this machine.")
    private String target = "";

    @Option(
            names = "--address",
            paramLabel = "IP",
            description =
                    "An IP address that belongs to this host alone: whoever listens on it counts."
                            + " May be given more than once.")
    private Set<String> addresses = Set.of();

    @Mixin private GuardStateOption state = new GuardStateOption();

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description =
                    "How long it may look, as in PT10M; what is not seen by then refuses. Default:"
                            + " PT15S.")
    private Duration budget = Duration.ofSeconds(15);

    /// Throws a usage [Problem] for an operation nobody knows and for targets that could mean more
    /// than was meant.
    GuardRequest request() {
        if (!OPERATIONS.contains(operation)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "operation '%s' is not known here".formatted(operation),
                    "known without configuration are: " + String.join(", ", OPERATIONS) + ".");
        }
        return new GuardRequest(
                operation,
                program.isPresent() ? Target.named(target) : Target.parse(target),
                state.view().withAddresses(addresses));
    }

    /// Who looks: a process of its own, which also finds out whether the target is one.
    Guard guard() {
        return program.map(words -> Guard.inChild(words, state.folder(), budget()))
                .orElseGet(() -> Guard.ofThisHost(budget()));
    }

    Duration budget() {
        if (budget.compareTo(BUDGET_MIN) < 0) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "a budget of %s is too short, expected %s or more"
                            .formatted(budget, BUDGET_MIN),
                    "give it more: --budget PT15S.");
        }
        return budget;
    }

    Path requireStateForLedger() {
        return state.requireForLedger();
    }
}
