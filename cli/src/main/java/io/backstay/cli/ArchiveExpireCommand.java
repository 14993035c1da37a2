package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.Expiry;
import io.backstay.recovery.archive.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "expire",
        description = "Remove bases and segments that no kept restore point needs.",
        footer = {
            "",
            "The newest base stays in any case, and every segment that a restore from a kept base may read.",
            "Look with --dry-run first. Killed at any moment, the next run clears the rest away. A restore",
            "that is reading a part that goes fails with that part's name.",
            "Exit codes: 0 removed, or nothing to remove; 2 usage, no archive."
        })
final class ArchiveExpireCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private ArchiveOption archive = new ArchiveOption();

    @Option(
            names = "--keep-bases",
            paramLabel = "N",
            description = "Keep the newest N bases, and the points that are reached from them.")
    private @Nullable Integer keepBases;

    @Option(
            names = "--keep-days",
            paramLabel = "D",
            description =
                    "Keep every point of the last D days. With --keep-bases: what either keeps.")
    private @Nullable Integer keepDays;

    @Option(names = "--dry-run", description = "Show what would go and why; change nothing.")
    private boolean isDryRun;

    @Override
    public Integer call() {
        Instant now = Instant.now();
        var expiry = new Expiry(Archive.open(archive.address()));
        Retention.Plan plan = isDryRun ? expiry.plan(rule(now), now) : expiry.run(rule(now), now);
        console.result(text(plan), () -> document(plan));
        return 0;
    }

    private Retention.Rule rule(Instant now) {
        boolean isCountWrong = keepBases != null && keepBases < 1;
        boolean isAgeWrong = keepDays != null && keepDays < 0;
        if ((keepBases == null && keepDays == null) || isCountWrong || isAgeWrong) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "expected --keep-bases of at least 1, --keep-days of at least 0, or both, found "
                            + (keepBases == null ? "none" : keepBases)
                            + " and "
                            + (keepDays == null ? "none" : keepDays),
                    "say what must stay: `backstay archive expire --archive "
                            + archive.address()
                            + " --keep-days 14 --dry-run`.");
        }
        return new Retention.Rule(
                keepBases, keepDays == null ? null : now.minus(Duration.ofDays(keepDays)));
    }

    private String text(Retention.Plan plan) {
        var text = new StringBuilder();
        for (Retention.Fate fate : plan.fates()) {
            text.append(
                    "%s  %s (%.1f MB): %s\n"
                            .formatted(
                                    fate.isKept() ? "keep  " : isDryRun ? "remove" : "gone  ",
                                    fate.name(),
                                    fate.bytes() / 1e6,
                                    fate.why()));
        }
        return text.append(
                        "%s %d of %d parts, %.1f MB"
                                .formatted(
                                        isDryRun ? "would remove" : "removed",
                                        plan.removed().size(),
                                        plan.fates().size(),
                                        bytes(plan) / 1e6))
                .toString();
    }

    private static long bytes(Retention.Plan plan) {
        return plan.removed().stream().mapToLong(Retention.Fate::bytes).sum();
    }

    private Map<String, Object> document(Retention.Plan plan) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("dryRun", isDryRun);
        document.put("bytes", bytes(plan));
        document.put("removed", plan.removed().stream().map(ArchiveExpireCommand::fate).toList());
        document.put("kept", plan.kept().stream().map(ArchiveExpireCommand::fate).toList());
        return document;
    }

    private static Map<String, Object> fate(Retention.Fate fate) {
        var document = new LinkedHashMap<String, Object>();
        document.put("part", fate.part().path());
        document.put("bytes", fate.bytes());
        document.put("why", fate.why());
        return document;
    }
}
