package io.backstay.recovery.proof;

import java.util.ArrayList;
import java.util.List;

/// One table, as it was loaded and as the server holds it.
///
/// @param lane the way it took: `bulk`, `merged`, ...
/// @param baseRows in the base
/// @param dropped base rows that the log changed or deleted
/// @param appended rows as the log left them
/// @param bytes of LOAD DATA text sent
public record ProvenTable(
        String table,
        String lane,
        long baseRows,
        long dropped,
        long appended,
        long bytes,
        List<Range> ranges) {

    /// @param keys the range, as a condition
    /// @param loaded `ROWS:SUM` of what was sent: [io.backstay.recovery.archive.RowDigest]
    /// @param found of what the server holds
    public record Range(String keys, String loaded, String found) {}

    public ProvenTable {
        ranges = List.copyOf(ranges);
    }

    /// Both must be of the same ranges.
    public static List<Range> ranges(RangeDigests loaded, RangeDigests found) {
        var ranges = new ArrayList<Range>();
        for (int i = 0; i < loaded.ranges().count(); i++) {
            ranges.add(
                    new Range(
                            loaded.ranges().text(i),
                            loaded.of(i).toString(),
                            found.of(i).toString()));
        }
        return ranges;
    }

    /// Ranges that differ, for people; empty if the server holds what was loaded.
    public List<String> differences() {
        return ranges.stream()
                .filter(range -> !range.loaded().equals(range.found()))
                .map(
                        range ->
                                "table %s, %s: loaded %s, the server holds %s"
                                        .formatted(
                                                table, range.keys(), range.loaded(), range.found()))
                .toList();
    }
}
