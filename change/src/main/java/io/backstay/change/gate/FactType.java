package io.backstay.change.gate;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a fact must be before a rule may see it.
///
/// CEL would read `!(NaN < 0.9)` as true and `[].all(...)` too: so a value is of its type, finite
/// and not empty, or there is no value.
sealed interface FactType {

    /// Not empty.
    record Text() implements FactType {}

    record Flag() implements FactType {}

    /// Whole, not negative.
    record Count() implements FactType {}

    /// Milliseconds after 1970, above zero.
    record Time() implements FactType {}

    /// Milliseconds, not negative.
    record Span() implements FactType {}

    /// Texts, none of them empty.
    ///
    /// @param isEmptyAllowed where none is a true answer, which the rule then counts
    record Texts(boolean isEmptyAllowed) implements FactType {}

    /// Mappings of exactly these flags, beside an `id`. None is a true answer, which the rule
    /// counts.
    record Rows(String flag) implements FactType {}

    /// What is wrong with a value; empty if it may be seen by a rule.
    default Optional<String> faultIn(Object value) {
        boolean isGood =
                switch (this) {
                    case Text() -> value instanceof String text && !text.isBlank();
                    case Flag() -> value instanceof Boolean;
                    case Count() -> value instanceof Long number && number >= 0;
                    case Time() -> value instanceof Long millis && millis > 0;
                    case Span() -> value instanceof Long millis && millis >= 0;
                    case Texts(boolean isEmptyAllowed) ->
                            value instanceof List<?> list
                                    && (isEmptyAllowed || !list.isEmpty())
                                    && list.stream()
                                            .allMatch(t -> t instanceof String s && !s.isBlank());
                    case Rows(String flag) ->
                            value instanceof List<?> list
                                    && list.stream()
                                            .allMatch(
                                                    row ->
                                                            row instanceof Map<?, ?> fields
                                                                    && fields.get("id")
                                                                            instanceof String id
                                                                    && !id.isBlank()
                                                                    && fields.get(flag)
                                                                            instanceof Boolean);
                };
        return isGood
                ? Optional.empty()
                : Optional.of("expected %s, found %s".formatted(word(), value));
    }

    private String word() {
        return switch (this) {
            case Text() -> "text";
            case Flag() -> "true or false";
            case Count() -> "a whole number from 0";
            case Time() -> "a time in milliseconds";
            case Span() -> "a duration in milliseconds";
            case Texts(_) -> "texts";
            case Rows(String flag) -> "rows of id and " + flag;
        };
    }
}
