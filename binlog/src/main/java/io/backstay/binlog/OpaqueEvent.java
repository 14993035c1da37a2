package io.backstay.binlog;

/// An event of which only the type is of interest.
public record OpaqueEvent(EventType type) implements BinlogEvent {}
