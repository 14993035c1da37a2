package io.backstay.recovery.intake;

import io.backstay.recovery.archive.BaseEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What is in the archive now that was not, or was already.
///
/// @param base the base given; empty if none was
/// @param isBaseNew false if the archive had that very base already
/// @param losses columns of which the dump does not hold every digit, `schema.table.column (why)`
/// @param segments new ones
/// @param logBytes read for them
/// @param end last GTID of every domain in the archive; empty text for none
/// @param baseTook reading the base, zero if none was read
/// @param logTook the same for the log
public record IntakeResult(
        Optional<BaseEntry> base,
        boolean isBaseNew,
        List<String> losses,
        List<String> warnings,
        long segments,
        long transactions,
        long logBytes,
        String end,
        Duration baseTook,
        Duration logTook) {}
