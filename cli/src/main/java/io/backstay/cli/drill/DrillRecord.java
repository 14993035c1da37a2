package io.backstay.cli.drill;

import io.backstay.cli.report.ReportModel;
import io.backstay.doors.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/// How far a drill is, on disk, so that a killed one goes on: acts ended, claims measured, what the
/// report will show.
///
/// Written after each act and each note. What a change has done stands in the ledgers, not here.
public final class DrillRecord {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private State state;

    /// @param notes small facts one act leaves for a later one
    public record State(
            DrillOptions options,
            Instant started,
            TreeSet<Integer> actsEnded,
            List<ClaimBook.Claim> claims,
            List<ReportModel.Act> acts,
            TreeMap<String, String> notes) {}

    private DrillRecord(Path file, State state) {
        this.file = file;
        this.state = state;
    }

    public static DrillRecord begin(Path file, DrillOptions options, Instant now) {
        var record =
                new DrillRecord(
                        file,
                        new State(
                                options,
                                now,
                                new TreeSet<>(),
                                new ArrayList<>(),
                                new ArrayList<>(),
                                new TreeMap<>()));
        record.write();
        return record;
    }

    public static Optional<DrillRecord> find(Path file) {
        return Files.exists(file)
                ? Optional.of(
                        new DrillRecord(file, JSON.readValue(Disk.readText(file), State.class)))
                : Optional.empty();
    }

    public synchronized State state() {
        return state;
    }

    public synchronized boolean isEnded(int act) {
        return state.actsEnded().contains(act);
    }

    public synchronized void end(int act, List<ClaimBook.Claim> claims, ReportModel.Act told) {
        state.actsEnded().add(act);
        state.acts().removeIf(earlier -> earlier.number() == told.number());
        state.acts().add(told);
        keep(claims);
    }

    /// What has been claimed so far, also in the middle of an act.
    public synchronized void keep(List<ClaimBook.Claim> claims) {
        state =
                new State(
                        state.options(),
                        state.started(),
                        state.actsEnded(),
                        new ArrayList<>(claims),
                        state.acts(),
                        state.notes());
        write();
    }

    public synchronized void note(String name, String value) {
        state.notes().put(name, value);
        write();
    }

    public synchronized Optional<String> findNote(String name) {
        return Optional.ofNullable(state.notes().get(name));
    }

    /// A fact that an earlier act must have left.
    public String requireNote(String name) {
        return findNote(name)
                .orElseThrow(() -> new IllegalStateException("no act has noted " + name));
    }

    public synchronized Map<String, String> notes() {
        return Map.copyOf(state.notes());
    }

    private void write() {
        Disk.writeAtomically(file, JSON.writeValueAsString(state));
    }
}
