package io.backstay.node.host;

/// A member of this host's cluster, from the agent's own configuration.
public record Member(String name, String address, int port) {}
