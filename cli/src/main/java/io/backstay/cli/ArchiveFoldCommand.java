package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.FoldEntry;
import io.backstay.recovery.restore.Compaction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "fold",
        description = "Fold the log behind the newest base ahead of any restore.",
        footer = {
            "",
            "A restore from that base then reads what the log amounts to in place of the log: its time no longer",
            "grows with the log's length. Segments stay, for restores to a point between and for other bases.",
            "Run it from a timer (packaging/systemd); each run folds what was closed since the last one, and merges",
            "small folds into bigger ones. It may be killed at any moment, beside a backup, a stream or a restore.",
            "The first segment with more than row changes ends it: that and what is behind it is folded by each",
            "restore, until the next base (`backstay archive rebase`, `backstay backup`).",
            "Exit codes: 0 folded as far as can be, or nothing to fold, 1 failed, 2 no archive there."
        })
final class ArchiveFoldCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private ArchiveOption archive = new ArchiveOption();
    @Mixin private MemoryOption memory = new MemoryOption();

    @Option(
            names = "--group",
            paramLabel = "MIB",
            description = "MiB of log that are folded at once. Default: ${DEFAULT-VALUE}.")
    private int group = 256;

    @Override
    public Integer call() {
        if (group < 1 || group > 1024) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--group: expected 1 to 1024 MiB, found " + group,
                    "write `--group 256`, or leave it out.");
        }
        Compaction.Result result =
                Compaction.run(
                        Archive.open(archive.address()),
                        (long) group << 20,
                        memory.limit(),
                        new RecoveryProgress(console));
        console.result(text(result), () -> document(result));
        return 0;
    }

    private static String text(Compaction.Result result) {
        var text = new StringBuilder();
        for (FoldEntry fold : result.folds()) {
            text.append(
                    "%s  %d segments, %d transactions, %.1f MB of log in %.1f MB\n"
                            .formatted(
                                    fold.part().path(),
                                    fold.segments().size(),
                                    fold.transactions(),
                                    fold.logBytes() / 1e6,
                                    fold.part().lengthBytes() / 1e6));
        }
        text.append(
                "%d of %d closed segments behind %s are folded"
                        .formatted(result.foldedSegments(), result.segments(), result.base().id()));
        result.stoppedBy()
                .ifPresent(reason -> text.append("\nthe rest is not, because ").append(reason));
        return text.toString();
    }

    private static Map<String, Object> document(Compaction.Result result) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("base", result.base().id());
        document.put("made", result.made());
        document.put("folds", result.folds());
        document.put("foldedSegments", result.foldedSegments());
        document.put("segments", result.segments());
        document.put("stoppedBy", result.stoppedBy().orElse(null));
        return document;
    }
}
