package io.backstay.recovery.archive;

import io.backstay.recovery.archive.DamagedArchiveException.Damage;
import io.backstay.recovery.archive.store.LinkFoundException;
import io.backstay.recovery.archive.store.PartStore;
import io.backstay.recovery.archive.store.SealBrokenException;
import io.backstay.recovery.archive.store.StoredBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// A part's bytes, front to back; no byte is handed out before the checksum of its stretch was
/// right.
///
/// Errors: [DamagedArchiveException] naming the stretch's first byte.
final class PartStream extends InputStream {
    private final PartEntry part;
    private final PartStore store;
    private final byte[] stretch;
    private InputStream in;
    private int index;
    private int at;
    private int end;

    PartStream(PartStore store, PartEntry part) throws IOException {
        this.part = part;
        this.store = store;
        in = open(0);
        stretch =
                new byte[(int) Math.min(PartEntry.STRETCH_BYTES, Math.max(1, part.lengthBytes()))];
    }

    private InputStream open(long from) throws IOException {
        StoredBytes found;
        try {
            found = store.open(part.path(), from);
        } catch (NoSuchFileException e) {
            throw new DamagedArchiveException(
                    new Damage(part.path(), -1, part.lengthBytes() + " bytes", "no such file"));
        } catch (LinkFoundException e) {
            throw isLink(part);
        } catch (SealBrokenException e) {
            throw isBroken(e);
        }
        long length = found.lengthBytes();
        if (length != part.lengthBytes()) {
            found.in().close();
            throw new DamagedArchiveException(
                    new Damage(
                            part.path(),
                            Math.min(length, part.lengthBytes()),
                            part.lengthBytes() + " bytes",
                            length + " bytes"));
        }
        return found.in();
    }

    static DamagedArchiveException isLink(PartEntry part) {
        return new DamagedArchiveException(
                new Damage(part.path(), -1, "files and folders only", "a symbolic link"));
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
        int expected = part.crc32c(index);
        if (!isRight(wanted, expected)) {
            // it may have been damaged on its way here: once more, from where it lies
            in.close();
            in = open(offset);
            int found;
            try {
                found = read(wanted);
            } catch (SealBrokenException e) {
                throw isBroken(e);
            }
            if (end != wanted || found != expected) {
                throw new DamagedArchiveException(
                        new Damage(
                                part.path(),
                                offset,
                                "CRC32C " + HexFormat.of().toHexDigits(expected),
                                "CRC32C " + HexFormat.of().toHexDigits(found)));
            }
        }
        index++;
        return true;
    }

    private boolean isRight(int wanted, int expected) throws IOException {
        try {
            return read(wanted) == expected && end == wanted;
        } catch (SealBrokenException e) {
            return false;
        }
    }

    private DamagedArchiveException isBroken(SealBrokenException e) {
        return new DamagedArchiveException(
                new Damage(part.path(), e.byteOffset(), e.expected(), e.found()));
    }

    private int read(int wanted) throws IOException {
        end = in.readNBytes(stretch, 0, wanted);
        at = 0;
        var crc = new CRC32C();
        crc.update(stretch, 0, end);
        return (int) crc.getValue();
    }
}
