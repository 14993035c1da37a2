package io.backstay.mysql;

import java.util.OptionalInt;

/// One column of a key.
///
/// @param prefixLength in characters (bytes for binary types); empty where the whole value counts
public record KeyColumn(String name, OptionalInt prefixLength) {}
