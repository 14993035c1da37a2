package io.backstay.node.controller;

import io.backstay.rollout.protocol.Challenge;
import io.backstay.rollout.protocol.Leave;
import io.backstay.rollout.protocol.Offer;

/// Decides a challenge: a leave, or a no with its reason.
public interface PermitOffice {

    Answer decide(String host, Offer offer, Challenge challenge);

    /// The two answers there are.
    sealed interface Answer {

        record Granted(Leave leave) implements Answer {}

        record Denied(String reason) implements Answer {}
    }
}
