package io.backstay.recovery.archive;

import io.backstay.recovery.archive.DamagedArchiveException.Damage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// A part's bytes, front to back; no byte is handed out before the checksum of its stretch was
/// right.
///
/// Errors: [DamagedArchiveException] naming the stretch's first byte.
final class PartStream extends InputStream {
    private final PartEntry part;
    private final InputStream in;
    private final byte[] stretch;
    private int index;
    private int at;
    private int end;

    PartStream(Path file, PartEntry part) throws IOException {
        this.part = part;
        try {
            in = Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new DamagedArchiveException(
                    new Damage(part.path(), -1, part.lengthBytes() + " bytes", "no such file"));
        }
        long found = Files.size(file);
        if (found != part.lengthBytes()) {
            in.close();
            throw new DamagedArchiveException(
                    new Damage(
                            part.path(),
                            Math.min(found, part.lengthBytes()),
                            part.lengthBytes() + " bytes",
                            found + " bytes"));
        }
        stretch = new byte[(int) Math.min(PartEntry.STRETCH_BYTES, Math.max(1, found))];
    }

    @Override
    public int read() throws IOException {
        return at < end || fill() ? stretch[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (at == end && !fill()) {
            return -1;
        }
        int step = Math.min(count, end - at);
        System.arraycopy(stretch, at, into, from, step);
        at += step;
        return step;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean fill() throws IOException {
        if (index == part.stretches()) {
            return false;
        }
        long offset = (long) index * PartEntry.STRETCH_BYTES;
        int wanted = (int) Math.min(PartEntry.STRETCH_BYTES, part.lengthBytes() - offset);
        end = in.readNBytes(stretch, 0, wanted);
        at = 0;
        var crc = new CRC32C();
        crc.update(stretch, 0, end);
        int expected = part.crc32c(index);
        if (end != wanted || (int) crc.getValue() != expected) {
            throw new DamagedArchiveException(
                    new Damage(
                            part.path(),
                            offset,
                            "CRC32C " + HexFormat.of().toHexDigits(expected),
                            "CRC32C " + HexFormat.of().toHexDigits((int) crc.getValue())));
        }
        index++;
        return true;
    }
}
