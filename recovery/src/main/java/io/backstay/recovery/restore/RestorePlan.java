package io.backstay.recovery.restore;

import io.backstay.binlog.Gtid;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ServerAddress;
import io.backstay.mysql.TableName;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.BaseDocument.Chunk;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.Manifest;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.fold.FoldStop;
import io.backstay.recovery.fold.TableLane;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a restore would do; nothing but the archive is asked.
///
/// @param document what of the base is wanted, under the names it is to have
/// @param whole the base as the archive has it
/// @param segments what has to be folded, in order; empty if the base alone is wanted
/// @param stop where in the last segment it ends
/// @param isBaseOnly the log is left out by request
/// @param tables by the archive's manifests alone
/// @param surveyed the same by the log itself, with the tables that it makes and, of a part, those
///   left out that are not folded; as `tables` where the log was not asked
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
        List<TablePlan> tables,
        List<TablePlan> surveyed) {

    /// @param lane `bulk`: no segment touches it; `merged`: base and net changes in one stream;
    ///   `left out`: not of the part that is restored; `ordered`: merged up to some transaction,
    ///   then its events are executed in order; `refused`: it cannot be had exactly, and the
    ///   restore will not begin
    /// @param why it is ordered or refused: reason, event, place, transaction; else empty text
    /// @param bytes of the base, LOAD DATA text
    public record TablePlan(
            String table, String lane, String why, long rows, long bytes, int chunks) {

        private TablePlan in(TableLane taken) {
            return switch (taken) {
                case TableLane.Folded() -> in("merged", "");
                case TableLane.Ordered(var since) -> in("ordered", since.toString());
                case TableLane.Refused(var since) -> in("refused", since.toString());
            };
        }

        private TablePlan in(String newLane, String newWhy) {
            return new TablePlan(table, newLane, newWhy, rows, bytes, chunks);
        }
    }

    static RestorePlan of(RestoreRequest request, Archive archive) {
        Manifest manifest = archive.manifest();
        List<BaseEntry> bases = manifest.bases();
        if (bases.isEmpty()) {
            throw new Problem(
                    ErrorCode.FAILED,
                    "archive " + archive.address() + " has no base",
                    "make one with `backstay backup --archive "
                            + archive.address()
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
                        + archive.address()
                        + " does not reach "
                        + request.until()
                        + " from any of its bases",
                "`backstay archive status --archive "
                        + archive.address()
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
                                                "",
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
                tables,
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
                (target + "\n" + selection + "\n" + text(tables)).getBytes(StandardCharsets.UTF_8));
    }

    /// The same with what the log itself says of the lanes.
    RestorePlan withLanes(Map<TableName, TableLane> lanes) {
        var left = new TreeMap<>(lanes);
        var shown = new ArrayList<TablePlan>();
        for (int i = 0; i < tables.size(); i++) {
            TableLane lane = left.remove(document.tables().get(i).definition().name());
            shown.add(lane == null ? tables.get(i).in("bulk", "") : tables.get(i).in(lane));
        }
        left.forEach(
                (name, lane) -> {
                    TablePlan other = new TablePlan(name.toString(), "", "", 0, 0, 0).in(lane);
                    if (selection.wants(name.schema(), name.table())) {
                        shown.add(other);
                    } else if (!(lane instanceof TableLane.Folded)) {
                        shown.add(
                                other.in(
                                        "left out",
                                        "it is not selected; it would be %s: %s"
                                                .formatted(other.lane(), other.why())));
                    }
                });
        return new RestorePlan(
                base,
                document,
                whole,
                segments,
                stop,
                until,
                isBaseOnly,
                selection,
                isDelta,
                tables,
                shown);
    }

    /// Databases that come with their programs.
    List<String> wholeSchemas() {
        return whole.schemas().stream()
                .map(BaseDocument.Schema::name)
                .filter(selection::wantsWhole)
                .toList();
    }

    /// For people.
    public String text() {
        return text(surveyed);
    }

    private String text(List<TablePlan> shown) {
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
                stop instanceof FoldStop.AfterGtid(Gtid last)
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
        for (TablePlan table : shown) {
            text.append(
                    "  %-8s %-40s %12d rows %10.1f MB in %d chunks\n"
                            .formatted(
                                    table.lane(),
                                    table.table(),
                                    table.rows(),
                                    table.bytes() / 1e6,
                                    table.chunks()));
            if (!table.why().isEmpty()) {
                text.append("           because ").append(table.why()).append('\n');
            }
        }
        document.warnings().forEach(warning -> text.append("note: ").append(warning).append('\n'));
        return text.toString();
    }
}
