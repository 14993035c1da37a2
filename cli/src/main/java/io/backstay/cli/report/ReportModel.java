package io.backstay.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that a drill's report shows, in the order in which it shows it.
///
/// Lists are never null; an empty one is shown as "not part of this run". Texts are plain text: the
/// page escapes them.
///
/// @param figures the three to five figures that a reader in a hurry takes away
/// @param environment name and value: machine, versions, seed, rows
/// @param lostWrites null where no cluster was lost and restored in this run
/// @param tamper what became of the copy of a ledger with one byte changed; null where that was not
///   tried
public record ReportModel(
        String title,
        Instant started,
        Instant ended,
        String commandLine,
        List<Figure> figures,
        List<Fact> environment,
        List<Claim> claims,
        List<Act> acts,
        List<Throughput> throughput,
        List<Switchover> switchovers,
        List<Refusal> refusals,
        Restores restores,
        @Nullable LostWrites lostWrites,
        List<NotInLedger> notInLedger,
        List<Chain> chains,
        @Nullable Tamper tamper,
        List<TimelineEntry> timeline) {

    /// A headline: `0` / `acknowledged writes lost before the archive's end`.
    public record Figure(String value, String label) {}

    public record Fact(String name, String value) {}

    /// A claim of the drill with what was measured for it.
    ///
    /// @param id short and stable: `restore-ratio`
    /// @param measured empty where nothing was measured; the figure only, its unit stands apart
    public record Claim(String id, String claim, String measured, String unit, Outcome outcome) {}

    public record Act(
            int number,
            String title,
            Instant begun,
            Instant ended,
            Outcome outcome,
            List<Step> steps) {}

    /// @param says what came out of it, one line; may be empty
    public record Step(String name, Instant begun, Duration took, Outcome outcome, String says) {}

    /// Acknowledged commits of one cluster through the whole run.
    ///
    /// @param samples in order of time, evenly spaced where possible
    public record Throughput(String cluster, List<Sample> samples, List<Stall> stalls) {}

    public record Sample(Instant at, double commitsPerSecond) {}

    /// @param cause as a reader knows it: `switchover`, `all members lost`
    public record Stall(Instant from, Duration lasted, String cause) {}

    /// @param stall longest time without an acknowledged write
    /// @param accepted the downtime that the change declared acceptable
    public record Switchover(
            String cluster,
            Instant at,
            String fromHost,
            String toHost,
            Duration stall,
            Duration accepted) {}

    /// One guard's no.
    ///
    /// @param scene where it was said: `rehearsal`, `live fleet`
    public record Refusal(
            Instant at,
            String scene,
            String cluster,
            String host,
            String operation,
            String target,
            List<Reason> reasons) {}

    /// @param finding `live` or `blind`
    public record Reason(String probe, String finding, String says) {}

    /// How long the same cluster takes to come back in different ways, to be seen side by side.
    ///
    /// @param rowEvents row events in the log that all of them end with
    /// @param says equal checksums, the ratios, which tool replayed; plain sentences
    public record Restores(long rowEvents, List<RestoreTime> times, List<String> says) {
        public static final Restores NONE = new Restores(0, List.of(), List.of());
    }

    /// @param base time for the base; zero where it cannot be told apart
    /// @param log time for the log on top of it
    public record RestoreTime(String way, Duration base, Duration log) {
        public Duration total() {
            return base.plus(log);
        }
    }

    /// Every acknowledged write held against what came back.
    ///
    /// @param acknowledged writes that the server had acknowledged
    /// @param present those found after the restore
    /// @param afterArchiveEnd those whose GTID is after the archive's end: lost, and known by name
    /// @param contradictions missing though the archive covers them, or present though it does not;
    ///   must be 0
    public record LostWrites(
            String cluster,
            String archiveEnd,
            long acknowledged,
            long present,
            long afterArchiveEnd,
            long contradictions,
            List<String> examples) {}

    /// Something that happened to the fleet without an entry in any ledger.
    ///
    /// @param reading what that means: no change did it
    public record NotInLedger(Instant at, String host, String seen, String reading) {}

    /// @param head digest of the last entry, hexadecimal
    /// @param says what verification found
    public record Chain(String writer, long entries, String head, Outcome outcome, String says) {}

    /// @param isFound whether verification noticed; anything else fails the drill
    public record Tamper(String writer, String changed, boolean isFound, String says) {}

    /// An entry of a ledger.
    ///
    /// @param cluster empty where it belongs to none
    /// @param host empty where it belongs to none
    /// @param type the entry's type as in the ledger
    /// @param change id of the change; empty outside of one
    public record TimelineEntry(
            Instant at,
            String actor,
            String cluster,
            String host,
            String type,
            String change,
            String says) {}
}
