package io.backstay.guard.consent;

/// Whether a consent was there and is now spent. A refusal is an answer, not an exception.
public sealed interface ConsentAnswer {

    /// It was good, and was used up in the moment of this answer.
    record Given(String host, Consent consent) implements ConsentAnswer {}

    /// Nothing was spent.
    record Refused(String reason) implements ConsentAnswer {}
}
