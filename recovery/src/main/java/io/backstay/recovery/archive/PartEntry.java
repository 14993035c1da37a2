package io.backstay.recovery.archive;

/// One immutable file of an archive, as its manifest knows it.
///
/// @param path relative to the archive's folder, `/` between names, never leading out of it
/// @param formatVersion of the part's own format; a reader refuses versions it does not know
/// @param lengthBytes of the file
/// @param sha256 of the file, lower-case hexadecimal; looked at by [ArchiveVerifier]
/// @param crc32c of each stretch of [#STRETCH_BYTES] bytes (the last may be shorter), eight
///   hexadecimal digits each, one after another; looked at by every read, so that damage is found
///   before it is used and can be told to a stretch. Empty for an empty file
public record PartEntry(
        String path,
        PartKind kind,
        int formatVersion,
        long lengthBytes,
        String sha256,
        String crc32c) {
    public static final int STRETCH_BYTES = 1 << 20;

    int stretches() {
        return (int) ((lengthBytes + STRETCH_BYTES - 1) / STRETCH_BYTES);
    }

    int crc32c(int stretch) {
        return Integer.parseUnsignedInt(crc32c, stretch * 8, stretch * 8 + 8, 16);
    }
}
