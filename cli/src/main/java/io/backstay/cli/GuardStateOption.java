package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.DisposableNames;
import io.backstay.guard.HostView;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The guard's own folder.
@Command
final class GuardStateOption {
    static final Path DEFAULT_STATE =
            Path.of(System.getProperty("user.home", "/tmp"), ".backstay", "guard");

    /// The host's own list, in the guard's own folder.
    static final String DISPOSABLE_NAMES = "disposable-names";

    @Option(
            names = "--state",
            paramLabel = "FOLDER",
            description =
                    "The guard's own folder, outside of every target: controls, ledger, key."
                            + " Default: ~/.backstay/guard.")
    private Path state = DEFAULT_STATE;

    Path folder() {
        return state.toAbsolutePath().normalize();
    }

    /// A host of which nothing else is known.
    HostView view() {
        return HostView.unconfigured(controls())
                .withDisposable(DisposableNames.with(folder().resolve(DISPOSABLE_NAMES)));
    }

    /// What acts writes its intent down first: into a folder that can be written to.
    Path requireForLedger() {
        Path existing = folder();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isWritable(existing)) {
            throw new Problem(
                    ErrorCode.ENVIRONMENT,
                    "the ledger cannot be kept in %s: %s cannot be written to"
                            .formatted(folder(), existing),
                    "name a folder on a disk that outlives this run: --state FOLDER.");
        }
        return folder();
    }

    /// A check writes nothing that lasts: without a state folder its controls go to a temporary
    /// one.
    private Path controls() {
        return Files.isDirectory(folder()) ? folder() : Path.of("/var/tmp");
    }
}
