package io.backstay.recovery.fold;

/// A view, trigger, routine, event or sequence: through it a statement reaches tables that it does
/// not name.
///
/// @param kind upper case, as `VIEW`
/// @param text the statement that makes it
public record StoredProgram(String kind, String schema, String name, String text) {}
