package io.backstay.cli;

import io.backstay.binlog.BinlogPosition;
import io.backstay.binlog.EventOrigin;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The stretch of some log files from one position on and up to another, which is not in.
final class BinlogRange {
    private final List<String> names;
    private final Optional<BinlogPosition> from;
    private final Optional<BinlogPosition> to;

    /// @param from `FILE:OFFSET`, or an offset alone where there is one file
    /// @throws Problem if it is neither, or names none of the files
    BinlogRange(List<Path> files, @Nullable String from, @Nullable String to) {
        this.names = files.stream().map(file -> String.valueOf(file.getFileName())).toList();
        this.from = parse("--from", from);
        this.to = parse("--to", to);
    }

    private Optional<BinlogPosition> parse(String option, @Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        boolean isOffset = !text.isEmpty() && text.chars().allMatch(Character::isDigit);
        try {
            BinlogPosition position =
                    isOffset && names.size() == 1
                            ? BinlogPosition.parse(names.getFirst() + ":" + text)
                            : BinlogPosition.parse(text);
            if (names.contains(position.file())) {
                return Optional.of(position);
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw new Problem(
                ErrorCode.USAGE,
                "%s: expected FILE:OFFSET with one of the files given%s, found '%s'"
                        .formatted(option, names.size() == 1 ? ", or an offset" : "", text),
                "the files are " + String.join(", ", names) + ".");
    }

    boolean contains(EventOrigin origin) {
        return from.map(position -> !isBefore(origin, position)).orElse(true)
                && to.map(position -> isBefore(origin, position)).orElse(true);
    }

    /// Nothing that comes behind can be in.
    boolean isBehind(EventOrigin origin) {
        return to.map(position -> !isBefore(origin, position)).orElse(false);
    }

    private boolean isBefore(EventOrigin origin, BinlogPosition position) {
        int file = names.indexOf(origin.file());
        int other = names.indexOf(position.file());
        return file != other ? file < other : origin.offsetBytes() < position.offsetBytes();
    }
}
