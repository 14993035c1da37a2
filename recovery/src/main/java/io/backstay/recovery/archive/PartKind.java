package io.backstay.recovery.archive;

/// What a part is; its format is specified by the class that reads it.
public enum PartKind {
    /// [BaseDocument]: the table of contents of a base.
    BASE,
    /// Rows of one table as LOAD DATA text in one zstd frame: [ChunkReader].
    CHUNK,
    /// A stretch of binary log: [SegmentEntry].
    SEGMENT,
    /// Net row changes of a stretch of log: [FoldEntry].
    FOLD,
    /// [CopyDocument]: the table of contents of a kept data directory.
    COPY,
    /// A stretch of one of its files: [CopyPieces].
    PIECE
}
