package io.backstay.change.state;

/// What an event makes of a state.
public sealed interface Transition<S> {

    record To<S>(S state) implements Transition<S> {}

    /// The event can't happen there: whoever reports it is wrong about the state, and a person must
    /// look.
    record Illegal<S>(String state, String event) implements Transition<S> {
        public String says() {
            return "%s can't happen in %s".formatted(event, state);
        }
    }

    static <S> Transition<S> illegal(Object state, Object event) {
        return new Illegal<>(state.getClass().getSimpleName(), event.getClass().getSimpleName());
    }
}
