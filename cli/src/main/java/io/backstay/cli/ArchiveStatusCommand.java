package io.backstay.cli;

import io.backstay.doors.Problem;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.Manifest;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.TableLane;
import io.backstay.recovery.restore.LaneSurvey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = "Say what an archive holds, and which points in time can be restored.",
        footer = {
            "",
            "Tables that are not folded whole are named with the reason: ordered ones are executed event by event by the",
            "target's server, whose own word their rows then are (`restore` exits 4); with a refused one no restore behind",
            "that place begins.",
            "",
            "A segment that a stream is writing counts once it is closed; `restore` takes up one that was left open.",
            "Exit codes: 0 told, 2 no archive there, or a damaged one."
        })
final class ArchiveStatusCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private ArchiveOption archive = new ArchiveOption();

    @Option(
            names = "--no-lanes",
            description = "Do not read the log behind the newest base for the tables' lanes.")
    private boolean isWithoutLanes;

    @Override
    public Integer call() {
        Archive opened = Archive.open(archive.address());
        Manifest manifest = opened.manifest();
        Map<String, String> lanes = isWithoutLanes ? Map.of() : lanes(opened);
        var text = new StringBuilder(text(opened, manifest));
        lanes.forEach((table, lane) -> text.append("%n%s  %s".formatted(table, lane)));
        console.result(text.toString(), () -> document(opened, manifest, lanes));
        return 0;
    }

    /// By table, only those that are not folded whole.
    private static Map<String, String> lanes(Archive archive) {
        var lanes = new LinkedHashMap<String, String>();
        try {
            LaneSurvey.of(archive)
                    .forEach(
                            (table, lane) -> {
                                switch (lane) {
                                    case TableLane.Folded() -> {}
                                    case TableLane.Ordered(var since) ->
                                            lanes.put(table.toString(), "ordered: " + since);
                                    case TableLane.Refused(var since) ->
                                            lanes.put(table.toString(), "REFUSED: " + since);
                                }
                            });
        } catch (Problem e) {
            lanes.put("all tables", "UNKNOWN: " + String.valueOf(e.getMessage()));
        }
        return lanes;
    }

    private static String text(Archive archive, Manifest manifest) {
        var text = new StringBuilder();
        text.append(
                "archive %s: %d bases, %d segments, ends at GTID %s"
                        .formatted(
                                archive.address(),
                                manifest.bases().size(),
                                manifest.segments().size(),
                                archive.end().orElse("(nothing yet)")));
        for (BaseEntry base : manifest.bases()) {
            text.append(
                    "%n%s  GTID %s  %d tables, %d rows, %.1f MB  restorable up to %s"
                            .formatted(
                                    base.id(),
                                    base.gtid(),
                                    base.tables(),
                                    base.rows(),
                                    base.bytes() / 1e6,
                                    reach(base, manifest)));
        }
        for (SegmentEntry segment : manifest.segments()) {
            text.append(
                    "%n%s  %s .. %s  %d transactions, %.1f MB%s"
                            .formatted(
                                    segment.part().path(),
                                    segment.fromGtid(),
                                    segment.toGtid(),
                                    segment.transactions(),
                                    segment.part().lengthBytes() / 1e6,
                                    segment.hasDdl() ? "  with statements" : ""));
        }
        return text.toString();
    }

    private static String reach(BaseEntry base, Manifest manifest) {
        List<SegmentEntry> after = manifest.segmentsAfter(base);
        return after.isEmpty() ? base.gtid() : after.getLast().toGtid();
    }

    private static Map<String, Object> document(
            Archive archive, Manifest manifest, Map<String, String> lanes) {
        var windows = new LinkedHashMap<String, Object>();
        manifest.bases().forEach(base -> windows.put(base.id(), reach(base, manifest)));
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("archiveId", manifest.archiveId());
        document.put("end", archive.end().orElse(""));
        document.put("bases", manifest.bases());
        document.put("restorableUpTo", windows);
        document.put("segments", manifest.segments());
        document.put("lanes", lanes);
        return document;
    }
}
