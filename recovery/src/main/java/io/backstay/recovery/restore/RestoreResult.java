package io.backstay.recovery.restore;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What a restore did and what of it is proven.
///
/// @param gtid position of the restored server: last GTID of every domain
/// @param gtidBinlogState the state it was given; empty text if it writes no binary log
/// @param phases in their order: `proof`, `fold`, `prepare`, `load` (indexes and foreign keys in
///   it), `verify`, `finish`; they do not overlap
/// @param unproven what could not be shown equal, by name; empty if all is proven
public record RestoreResult(
        String baseId,
        String gtid,
        String gtidBinlogState,
        List<TableResult> tables,
        long rows,
        long rowEvents,
        long transactions,
        Map<String, Duration> phases,
        Duration took,
        List<String> notes,
        List<String> unproven) {

    public RestoreResult {
        tables = List.copyOf(tables);
        notes = List.copyOf(notes);
        unproven = List.copyOf(unproven);
    }

    public boolean isProven() {
        return unproven.isEmpty();
    }

    /// @param lane `bulk`: as the base has it; `merged`: with the net changes of the log
    /// @param dropped base rows that the log changed or deleted
    /// @param appended rows as the log left them
    /// @param loadedDigest of the rows sent
    /// @param foundDigest of the rows the server holds afterwards, read back
    public record TableResult(
            String table,
            String lane,
            long rows,
            long bytes,
            long dropped,
            long appended,
            String loadedDigest,
            String foundDigest) {
        public boolean isProven() {
            return loadedDigest.equals(foundDigest);
        }
    }
}
