package io.backstay.recovery.fold;

import java.lang.foreign.MemorySegment;

/// One event of the ordered lane, as bytes of the log: header and checksum included.
public sealed interface OrderedEvent {

    /// Rows of one table.
    ///
    /// @param map the table map they go by
    /// @param rows the event
    /// @param keepsForeignKeys the server does what foreign keys demand, if the event says so; else
    ///   it must look at none
    record Rows(MemorySegment map, MemorySegment rows, boolean keepsForeignKeys)
            implements OrderedEvent {}

    /// A statement in a QUERY event.
    ///
    /// @param file the source's name of the file it is from
    /// @param offset of the event in its stretch
    record Statement(MemorySegment event, StatementMeaning meaning, String file, long offset)
            implements OrderedEvent {}

    /// What the next statement needs: an INTVAR, RAND or USER_VAR event.
    record Setting(MemorySegment event) implements OrderedEvent {}
}
