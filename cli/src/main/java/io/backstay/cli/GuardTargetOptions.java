package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.DisposableNames;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.HostView;
import io.backstay.guard.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/// What the guard is asked about, without any configuration: nothing is covered by peers then, and
/// nothing but empty folders and a few names is disposable.
final class GuardTargetOptions {
    private static final Set<String> OPERATIONS = new TreeSet<>(Set.of("wipe", "reinstall"));

    static final Path DEFAULT_STATE =
            Path.of(System.getProperty("user.home", "/tmp"), ".backstay", "guard");

    private static final Duration BUDGET_MIN = Duration.ofSeconds(3);

    /// The host's own list, in the guard's own folder.
    static final String DISPOSABLE_NAMES = "disposable-names";

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

    @Option(
            names = "--state",
            paramLabel = "FOLDER",
            description =
                    "The guard's own folder, outside of every target: controls, ledger, key."
                            + " Default: ~/.backstay/guard.")
    private Path state = DEFAULT_STATE;

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
                Target.parse(target),
                HostView.unconfigured(controls())
                        .withAddresses(addresses)
                        .withDisposable(DisposableNames.with(state().resolve(DISPOSABLE_NAMES))));
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

    Path state() {
        return state.toAbsolutePath().normalize();
    }

    /// What acts writes its intent down first: into a folder that can be written to.
    Path requireStateForLedger() {
        Path existing = state();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isWritable(existing)) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "the ledger cannot be kept in %s: %s cannot be written to"
                            .formatted(state(), existing),
                    "name a folder on a disk that outlives this run: --state FOLDER.");
        }
        return state();
    }

    /// A check writes nothing that lasts: without a state folder its controls go to a temporary
    /// one.
    private Path controls() {
        return Files.isDirectory(state()) ? state() : Path.of("/var/tmp");
    }
}
