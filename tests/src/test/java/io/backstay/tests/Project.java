package io.backstay.tests;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.backstay.doors.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// This copy of the project: its modules, its files in git, its compiled classes.
final class Project {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    static final List<String> MODULES =
            List.of(
                    "doors",
                    "ledger",
                    "binlog",
                    "mysql",
                    "lab",
                    "recovery",
                    "guard",
                    "change",
                    "rollout",
                    "node",
                    "cli");

    private Project() {}

    /// Compiled production classes of all modules, never those of tests.
    static JavaClasses classes() {
        return new ClassFileImporter()
                .importPaths(
                        MODULES.stream()
                                .map(m -> ROOT.resolve(m).resolve("target/classes"))
                                .toList());
    }

    static String text(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Files that git tracks, relative to the root; empty where this copy is no git repository.
    static List<String> trackedFiles() {
        Commands.Result git =
                Commands.run(List.of("git", "ls-files", "-z"), ROOT, Duration.ofSeconds(30));
        return git.exit() != 0
                ? List.of()
                : Stream.of(git.out().split("\0")).filter(f -> !f.isEmpty()).toList();
    }

    static List<Path> sourcesBelow(String folder) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
