package io.backstay.recovery.archive;

import com.github.luben.zstd.Zstd;
import io.backstay.recovery.archive.BaseDocument.Chunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Cuts a stream of rows into chunk parts. One thread; format: [ChunkReader].
public final class ChunkWriter {
    private static final int CHUNK_BYTES = 8 << 20;
    private static final int COMPRESSION_LEVEL = 1;

    private final Archive archive;
    private final String pathPrefix;
    private final Runnable afterChunk;
    private final List<Chunk> chunks = new ArrayList<>();
    private byte[] text = new byte[1 << 16];
    private int length;
    private RowDigest digest = new RowDigest();
    private long rows;
    private long textBytes;

    /// @param pathPrefix of the parts; a number and `.zst` follow
    /// @param afterChunk told when a chunk is durable
    public ChunkWriter(Archive archive, String pathPrefix, Runnable afterChunk) {
        this.archive = archive;
        this.pathPrefix = pathPrefix;
        this.afterChunk = afterChunk;
    }

    /// @param count bytes of the row from `from` on, without its line feed, which follows it
    public void row(byte[] row, int from, int count) throws IOException {
        if (length > 0 && length + count + 1 > CHUNK_BYTES) {
            endChunk();
        }
        if (text.length - length < count + 1) {
            text =
                    Arrays.copyOf(
                            text,
                            Math.max(length + count + 1, Math.min(2 * text.length, CHUNK_BYTES)));
        }
        System.arraycopy(row, from, text, length, count + 1);
        length += count + 1;
        digest.add(row, from, count);
        rows++;
        textBytes += count + 1;
    }

    /// The chunks, in order; none if there was no row.
    public List<Chunk> end() throws IOException {
        if (length > 0) {
            endChunk();
        }
        return chunks;
    }

    public long rows() {
        return rows;
    }

    public long textBytes() {
        return textBytes;
    }

    private void endChunk() throws IOException {
        String path = pathPrefix + "-%05d.zst".formatted(chunks.size());
        byte[] compressed = new byte[(int) Zstd.compressBound(length)];
        long size =
                Zstd.compressByteArray(
                        compressed, 0, compressed.length, text, 0, length, COMPRESSION_LEVEL);
        if (Zstd.isError(size)) {
            throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
        }
        try (PartSink sink = archive.newPart(path, PartKind.CHUNK, ChunkReader.FORMAT_VERSION)) {
            sink.write(compressed, 0, (int) size);
            chunks.add(new Chunk(sink.seal(), digest.rows(), length, digest.toString()));
        }
        length = 0;
        digest = new RowDigest();
        afterChunk.run();
    }
}
