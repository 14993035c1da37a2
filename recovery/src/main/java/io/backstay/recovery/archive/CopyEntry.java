package io.backstay.recovery.archive;

/// The data directory that holds a base, kept as files beside its rows.
///
/// @param base id of the base whose rows, programs and accounts are in it
/// @param part its table of contents, a [CopyDocument]
/// @param bytes of all files, uncompressed
public record CopyEntry(String base, PartEntry part, String serverVersion, int files, long bytes) {}
