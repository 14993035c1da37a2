package io.backstay.cli.drill;

import io.backstay.cli.report.ReportModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What act 4 noted of restores and lost writes, as the report shows it.
final class RestoreNotes {
    static final String BASE = "restores.base.millis";
    static final String MERGED = "restores.merged.millis";
    static final String REPLAY = "restores.replay.millis";
    static final String TOOL = "restores.tool";
    static final String ROW_EVENTS = "restores.row-events";
    static final String SAYS = "restores.says";

    private final Map<String, String> notes;

    RestoreNotes(Map<String, String> notes) {
        this.notes = notes;
    }

    ReportModel.Restores restores() {
        if (!notes.containsKey(MERGED) || !notes.containsKey(REPLAY)) {
            return ReportModel.Restores.NONE;
        }
        Duration base = millis(BASE);
        Duration log = millis(MERGED).minus(base);
        return new ReportModel.Restores(
                Long.parseLong(text(ROW_EVENTS)),
                List.of(
                        new ReportModel.RestoreTime("Base alone", base, Duration.ZERO),
                        new ReportModel.RestoreTime(
                                "Backstay: log merged in",
                                log.isNegative() ? millis(MERGED) : base,
                                log.isNegative() ? Duration.ZERO : log),
                        new ReportModel.RestoreTime(text(TOOL), base, millis(REPLAY))),
                List.of(text(SAYS).split("\n")));
    }

    ReportModel.@Nullable LostWrites lostWrites() {
        if (!notes.containsKey("lost-writes.cluster")) {
            return null;
        }
        return new ReportModel.LostWrites(
                text("lost-writes.cluster"),
                text("lost-writes.end"),
                number("lost-writes.acknowledged"),
                number("lost-writes.present"),
                number("lost-writes.after"),
                number("lost-writes.contradictions"),
                List.of());
    }

    private Duration millis(String name) {
        return Duration.ofMillis(number(name));
    }

    private long number(String name) {
        return Long.parseLong(text(name));
    }

    private String text(String name) {
        String value = notes.get(name);
        if (value == null) {
            throw new IllegalStateException("no act has noted " + name);
        }
        return value;
    }
}
