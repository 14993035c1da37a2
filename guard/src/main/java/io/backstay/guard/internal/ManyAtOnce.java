package io.backstay.guard.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// One question about each of many things, asked on all processors at once and answered in order.
final class ManyAtOnce {
    /// Fewer are asked one after the other: that is quicker.
    private static final int WORTHWHILE = 64;

    private ManyAtOnce() {}

    interface Question<T, R> {
        R ask(T thing) throws CannotLookException;
    }

    private sealed interface Answer<R> {}

    private record Seen<R>(R what) implements Answer<R> {}

    private record NotSeen<R>(CannotLookException why) implements Answer<R> {}

    /// Throws the first answer that could not be given.
    static <T, R> List<R> ask(List<T> things, Question<T, R> question) throws CannotLookException {
        Stream<T> stream = things.size() < WORTHWHILE ? things.stream() : things.parallelStream();
        var all = new ArrayList<R>(things.size());
        for (Answer<R> answer : stream.map(thing -> answer(thing, question)).toList()) {
            switch (answer) {
                case Seen<R>(R what) -> all.add(what);
                case NotSeen<R>(CannotLookException why) -> throw why;
            }
        }
        return all;
    }

    private static <T, R> Answer<R> answer(T thing, Question<T, R> question) {
        try {
            return new Seen<>(question.ask(thing));
        } catch (CannotLookException e) {
            return new NotSeen<>(e);
        }
    }

    /// Those things of which it is true.
    static <T> List<T> those(List<T> things, Question<T, Boolean> question)
            throws CannotLookException {
        List<Boolean> answers = ask(things, question);
        var those = new ArrayList<T>();
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i)) {
                those.add(things.get(i));
            }
        }
        return those;
    }
}
