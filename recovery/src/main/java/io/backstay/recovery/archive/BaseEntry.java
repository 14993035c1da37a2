package io.backstay.recovery.archive;

import java.time.Instant;

/// One base, as the manifest knows it.
///
/// @param id its folder's name
/// @param part its table of contents, a [BaseDocument]
/// @param at when its snapshot was taken
/// @param gtid last GTID of every domain in the snapshot, ordered by domain; empty text for none
/// @param bytes of all chunks, compressed
public record BaseEntry(
        String id,
        PartEntry part,
        Instant at,
        String gtid,
        String serverVersion,
        int tables,
        long rows,
        long bytes) {

    /// The entry of a base whose chunks and document are written.
    public static BaseEntry of(String id, PartEntry part, BaseDocument document) {
        return new BaseEntry(
                id,
                part,
                document.source().at(),
                document.source().gtid(),
                document.source().version(),
                document.tables().size(),
                document.tables().stream().mapToLong(BaseDocument.Table::rows).sum(),
                document.tables().stream()
                        .flatMap(table -> table.chunks().stream())
                        .mapToLong(chunk -> chunk.part().lengthBytes())
                        .sum());
    }
}
