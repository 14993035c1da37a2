package io.backstay.recovery.restore;

import io.backstay.binlog.MariaDbGtid;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseDocument.Chunk;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.Manifest;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.FoldStop;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/// What a restore would do, from manifests alone; nothing but the archive's own word is asked.
///
/// @param document what of the base is wanted, under the names it is to have
/// @param whole the base as the archive has it
/// @param segments what has to be folded, in order; empty if the base alone is wanted
/// @param stop where in the last segment it ends
/// @param isBaseOnly the log is left out by request
public record RestorePlan(
        BaseEntry base,
        BaseDocument document,
        BaseDocument whole,
        List<SegmentEntry> segments,
        FoldStop stop,
        String until,
        boolean isBaseOnly,
        Selection selection,
        boolean isDelta,
        List<TablePlan> tables) {

    /// @param lane `bulk`: no segment touches it; `merged`: base and net changes in one stream
    /// @param bytes of the base, LOAD DATA text
    public record TablePlan(String table, String lane, long rows, long bytes, int chunks) {}

    static RestorePlan of(RestoreRequest request, Archive archive) {
        Manifest manifest = archive.manifest();
        List<BaseEntry> bases = manifest.bases();
        if (bases.isEmpty()) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "archive " + archive.folder() + " has no base",
                    "make one with `backstay backup --archive "
                            + archive.folder()
                            + " --server URL`.");
        }
        if (request.isBaseOnly()) {
            return plan(archive, bases.getLast(), List.of(), new FoldStop.AtEnd(), request);
        }
        var cuts = new UntilSearch(archive);
        for (BaseEntry base : bases.reversed()) {
            List<SegmentEntry> after = manifest.segmentsAfter(base);
            var cut = cuts.find(base, after, request.until());
            if (cut.isPresent()) {
                return plan(archive, base, cut.get().segments(), cut.get().stop(), request);
            }
        }
        throw new Problem(
                ErrorCode.FAILED,
                "archive "
                        + archive.folder()
                        + " does not reach "
                        + request.until()
                        + " from any of its bases",
                "`backstay archive status --archive "
                        + archive.folder()
                        + "` shows the window that can be restored.");
    }

    private static RestorePlan plan(
            Archive archive,
            BaseEntry base,
            List<SegmentEntry> segments,
            FoldStop stop,
            RestoreRequest request) {
        BaseDocument whole = archive.document(base);
        BaseDocument document = SelectedBase.of(whole, request.selection());
        var touched = new TreeSet<String>();
        segments.forEach(segment -> touched.addAll(segment.tables()));
        List<TablePlan> tables =
                document.tables().stream()
                        .map(
                                table ->
                                        new TablePlan(
                                                table.qualifiedName(),
                                                touched.contains(
                                                                table.definition()
                                                                        .name()
                                                                        .toString())
                                                        ? "merged"
                                                        : "bulk",
                                                table.rows(),
                                                table.chunks().stream()
                                                        .mapToLong(Chunk::textBytes)
                                                        .sum(),
                                                table.chunks().size()))
                        .toList();
        return new RestorePlan(
                base,
                document,
                whole,
                segments,
                stop,
                request.until().toString(),
                request.isBaseOnly(),
                request.selection(),
                request.isDelta(),
                tables);
    }

    /// What a marker tells one restore from another by.
    String runName(String archiveId) {
        String end = segments.isEmpty() ? "base" : segments.getLast().toGtid();
        return archiveId
                + " "
                + document.id()
                + " until "
                + until
                + " of "
                + selection
                + (isDelta ? " as a delta (" : " (")
                + end
                + ")";
    }

    /// Of what would be done where; what a person confirms who has seen the plan.
    public String digest(ServerAddress target) {
        return Disk.sha256(
                (target + "\n" + selection + "\n" + text()).getBytes(StandardCharsets.UTF_8));
    }

    /// For people.
    public String text() {
        var text = new StringBuilder();
        text.append(
                "base %s of %s at GTID %s: %d tables, %d rows, %.1f MB compressed\n"
                        .formatted(
                                base.id(),
                                base.at(),
                                base.gtid().isEmpty() ? "(none)" : base.gtid(),
                                base.tables(),
                                base.rows(),
                                base.bytes() / 1e6));
        String end =
                stop instanceof FoldStop.AfterGtid(MariaDbGtid last)
                        ? until + " (last transaction " + last + ")"
                        : until;
        text.append(
                "log: %d segments, %.1f MB, %d transactions, %d row changes, until %s\n"
                        .formatted(
                                segments.size(),
                                segments.stream().mapToLong(s -> s.part().lengthBytes()).sum()
                                        / 1e6,
                                segments.stream().mapToLong(SegmentEntry::transactions).sum(),
                                segments.stream().mapToLong(SegmentEntry::rowEvents).sum(),
                                isBaseOnly ? "the base alone, by request" : end));
        if (!selection.isAll()) {
            text.append("only: ").append(selection).append('\n');
        }
        if (isDelta) {
            text.append(
                    "onto what the target has: key ranges that are right are kept, others replaced\n");
        }
        for (TablePlan table : tables) {
            text.append(
                    "  %-6s %-40s %12d rows %10.1f MB in %d chunks\n"
                            .formatted(
                                    table.lane(),
                                    table.table(),
                                    table.rows(),
                                    table.bytes() / 1e6,
                                    table.chunks()));
        }
        document.warnings().forEach(warning -> text.append("note: ").append(warning).append('\n'));
        return text.toString();
    }
}
