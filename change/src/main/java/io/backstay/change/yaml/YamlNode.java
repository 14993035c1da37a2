package io.backstay.change.yaml;

import java.util.List;

/// A value in a YAML text, with its place. Scalars stay text: what they mean is the reader's
/// question.
public sealed interface YamlNode {

    Place place();

    /// @param line from 1
    /// @param column from 1
    record Place(int line, int column) {}

    /// @param isPlain written without quotes
    record Scalar(Place place, String text, boolean isPlain) implements YamlNode {}

    record Sequence(Place place, List<YamlNode> items) implements YamlNode {}

    /// Keys are distinct.
    record Mapping(Place place, List<Entry> entries) implements YamlNode {}

    record Entry(Scalar key, YamlNode value) {}

    default String kind() {
        return switch (this) {
            case Scalar _ -> "text";
            case Sequence _ -> "a list";
            case Mapping _ -> "a mapping";
        };
    }
}
