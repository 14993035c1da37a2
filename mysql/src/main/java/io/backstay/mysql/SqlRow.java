package io.backstay.mysql;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One row of a small result, its values as text by column label.
public final class SqlRow {
    private final Map<String, Optional<String>> values = new LinkedHashMap<>();

    SqlRow() {}

    void put(String column, @Nullable String value) {
        values.put(column, Optional.ofNullable(value));
    }

    /// Labels and values in the order of the result; NULL is empty.
    public Map<String, Optional<String>> values() {
        return java.util.Collections.unmodifiableMap(values);
    }

    public boolean has(String column) {
        return values.containsKey(column);
    }

    /// Empty for NULL and for a column that the result does not have.
    public Optional<String> find(String column) {
        return values.getOrDefault(column, Optional.empty());
    }

    /// @throws Problem for NULL and for a column that the result does not have
    public String require(String column) {
        return find(column)
                .orElseThrow(
                        () ->
                                new Problem(
                                        ErrorCode.FAILED,
                                        "the server gave no value for "
                                                + column
                                                + " among "
                                                + values.keySet(),
                                        "give the account the privileges to see it."));
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
