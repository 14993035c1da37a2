package io.backstay.change.yaml;

import java.util.Comparator;

/// Something wrong in a file a person wrote: where, what, and what to write instead.
///
/// @param file as the person named it
/// @param line from 1
/// @param column from 1
/// @param hint whole sentences
public record Fault(String file, int line, int column, String what, String hint) {
    public static final Comparator<Fault> IN_ORDER =
            Comparator.comparing(Fault::file)
                    .thenComparingInt(Fault::line)
                    .thenComparingInt(Fault::column);

    /// One line for the place and the fault, one for the hint.
    public String text() {
        return "%s:%d:%d: %s\nHINT: %s".formatted(file, line, column, what, hint);
    }
}
