package io.backstay.recovery.archive;

import com.github.luben.zstd.Zstd;
import io.backstay.doors.Disk;
import io.backstay.recovery.archive.DamagedArchiveException.Damage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// Stretches of files as parts: one zstd frame each, with its uncompressed size in its header.
///
/// A piece is read and written as a whole, so that several go on at once and any of a file can be
/// had by itself. Its part's checksums are over the compressed bytes, and are looked at first.
public final class CopyPieces {
    public static final int FORMAT_VERSION = 1;
    public static final int PIECE_BYTES = 16 << 20;
    private static final int COMPRESSION_LEVEL = 1;

    private CopyPieces() {}

    /// How many a file of this length has.
    public static int count(long lengthBytes) {
        return (int) ((lengthBytes + PIECE_BYTES - 1) / PIECE_BYTES);
    }

    /// Keeps one piece of a file that nobody writes.
    ///
    /// @param path of the part
    /// @param index of the piece in the file
    public static PartEntry write(
            Archive archive, String path, FileChannel file, int index, long lengthBytes) {
        long from = (long) index * PIECE_BYTES;
        byte[] bytes = new byte[(int) Math.min(PIECE_BYTES, lengthBytes - from)];
        try (PartSink sink = archive.newPart(path, PartKind.PIECE, FORMAT_VERSION)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining() && file.read(buffer, from + buffer.position()) > 0) {}
            if (buffer.hasRemaining()) {
                throw new IOException("it became shorter while it was read");
            }
            sink.write(Zstd.compress(bytes, COMPRESSION_LEVEL));
            return sink.seal();
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    /// Writes one piece to its place in a file.
    public static void fetch(
            Archive archive,
            PartEntry part,
            Path name,
            FileChannel file,
            int index,
            long lengthBytes) {
        long from = (long) index * PIECE_BYTES;
        int wanted = (int) Math.min(PIECE_BYTES, lengthBytes - from);
        byte[] compressed;
        try (InputStream in = archive.read(part)) {
            compressed = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(part.path(), e);
        }
        byte[] bytes = new byte[wanted];
        long found = Zstd.decompressByteArray(bytes, 0, wanted, compressed, 0, compressed.length);
        if (Zstd.isError(found) || found != wanted) {
            throw new DamagedArchiveException(
                    new Damage(
                            part.path(),
                            -1,
                            "a zstd frame of " + wanted + " bytes",
                            Zstd.isError(found) ? Zstd.getErrorName(found) : found + " bytes"));
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                file.write(buffer, from + buffer.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(Disk.named(name, e));
        }
    }
}
