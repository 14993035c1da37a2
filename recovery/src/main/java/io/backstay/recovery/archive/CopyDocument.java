package io.backstay.recovery.archive;

import java.util.List;

/// The table of contents of a kept data directory: of a server that was stopped cleanly, without
/// binary logs.
///
/// The part is UTF-8 JSON of this record, `bases/ID/files.json`; unknown fields are refused.
///
/// @param base id of the base that it holds
/// @param serverVersion that filled it; one of that series, and not older, is to be started on it
/// @param gtid its `gtid_slave_pos`: last GTID of every domain in it
/// @param options that a server needs to find its files: `--innodb-undo-tablespaces=3`
/// @param files in the order of their paths
public record CopyDocument(
        int formatVersion,
        String base,
        String serverVersion,
        String gtid,
        List<String> options,
        List<CopiedFile> files) {
    public static final int FORMAT_VERSION = 1;

    /// @param path in the data directory
    /// @param pieces its bytes in order, [CopyPieces#PIECE_BYTES] each but the last
    public record CopiedFile(String path, long lengthBytes, List<PartEntry> pieces) {}

    public CopyDocument {
        options = List.copyOf(options);
        files = List.copyOf(files);
    }

    public long bytes() {
        return files.stream().mapToLong(CopiedFile::lengthBytes).sum();
    }
}
