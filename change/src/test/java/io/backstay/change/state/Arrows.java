package io.backstay.change.state;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;

/// Every state tried with every event: one sample of each type of a sealed set, made by its
/// canonical constructor.
final class Arrows {
    private Arrows() {}

    /// All legal arrows as `State + Event = State`, sorted.
    static <S, E> SortedSet<String> of(
            Class<S> states, Class<E> events, BiFunction<S, E, Transition<S>> next) {
        var arrows = new TreeSet<String>();
        for (S state : samples(states)) {
            for (E event : samples(events)) {
                switch (next.apply(state, event)) {
                    case Transition.To<S>(S to) ->
                            arrows.add(
                                    "%s + %s = %s".formatted(name(state), name(event), name(to)));
                    case Transition.Illegal<S> _ -> {}
                }
            }
        }
        return arrows;
    }

    /// One of each permitted type; of a decision, one of each kind.
    static <T> List<T> samples(Class<T> sealed) {
        List<T> samples = new ArrayList<>();
        for (Class<?> type : sealed.getPermittedSubclasses()) {
            if (type == ChangeEvent.Decided.class) {
                for (ChangeEvent.Decision decision : samples(ChangeEvent.Decision.class)) {
                    samples.add(sealed.cast(new ChangeEvent.Decided("ann", "bob", decision)));
                }
            } else {
                samples.add(sealed.cast(sample(type)));
            }
        }
        return samples;
    }

    private static Object sample(Class<?> type) {
        try {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] types =
                    Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            var constructor = type.getDeclaredConstructor(types);
            Object[] values = new Object[types.length];
            Arrays.fill(values, "x");
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no sample of " + type, e);
        }
    }

    private static String name(Object value) {
        return value instanceof ChangeEvent.Decided d
                ? "Decided " + d.decision().getClass().getSimpleName()
                : value.getClass().getSimpleName();
    }
}
