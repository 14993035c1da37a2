package io.backstay.binlog;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The events behind a [StartEncryptionEvent], decrypted one at a time.
///
/// An encrypted event is as long as it was. Its length stands in its clear place, bytes 9 to 12.
/// The first four clear bytes take part where the length stood, so that bytes 4 to the end are one
/// AES stream:
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 4 | bytes 9 to 12 of the encrypted stream |
/// | 4 | 5 | encrypted |
/// | 9 | 4 | length of the event, clear |
/// | 13 | rest | encrypted |
///
/// The initial vector is the nonce and the event's offset in the file, 4 bytes little endian. Which
/// of AES-CBC and AES-CTR it is, the file does not tell: the first event is tried with both. In CBC
/// an incomplete last block is combined with the encrypted initial vector.
///
/// Source: MariaDB source, `Log_event_writer::encrypt_and_write`, `decrypt_event`, `my_crypt.cc`.
final class EncryptedEvents {
    /// Key that MariaDB uses for its logs.
    private static final String KEY_ID = "1";

    private static final int BLOCK = 16;
    private static final List<String> MODES = List.of("AES/CBC/NoPadding", "AES/CTR/NoPadding");

    private final MemorySegment file;
    private final String name;
    private final ChecksumAlgorithm checksum;
    private final byte[] nonce;
    private final SecretKeySpec key;
    private List<String> modes = MODES;
    private long at;

    /// @param from offset behind the start event
    EncryptedEvents(
            MemorySegment file,
            EventOrigin start,
            long from,
            StartEncryptionEvent event,
            ChecksumAlgorithm checksum,
            EncryptionKeys keys) {
        this.file = file;
        this.name = start.file();
        this.at = from;
        this.checksum = checksum;
        this.nonce = HexFormat.of().parseHex(event.nonce());
        byte[] bytes =
                keys.find(KEY_ID)
                        .orElseThrow(
                                () ->
                                        noKey(
                                                "the events of %s are encrypted from %s on"
                                                        .formatted(name, start),
                                                "key %s, version %d"
                                                        .formatted(KEY_ID, event.keyVersion()),
                                                keys));
        if (event.scheme() != 1
                || (bytes.length != 16 && bytes.length != 24 && bytes.length != 32)) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "cannot decrypt %s: expected scheme 1 and an AES key of 16, 24 or 32 bytes, found scheme %d and %d bytes"
                            .formatted(start, event.scheme(), bytes.length),
                    "stream the log from its server, which sends it clear: `backstay stream`.");
        }
        this.key = new SecretKeySpec(bytes, "AES");
    }

    static Problem noKey(String what, String key, EncryptionKeys keys) {
        return new Problem(
                ErrorCode.UNSUPPORTED,
                "%s: expected %s, found %s"
                        .formatted(what, key, keys.isEmpty() ? "no key" : "other keys only"),
                "give the server's key file with `--encryption-key FILE`, or stream the log from the"
                        + " server, which sends it clear.");
    }

    /// Behind the last event that was read.
    long offset() {
        return at;
    }

    boolean hasNext() {
        return at < file.byteSize();
    }

    RawEvent next() {
        var origin = new EventOrigin(name, at);
        long left = file.byteSize() - at;
        if (left < EventHeader.LENGTH) {
            throw new TruncatedBinlogException(origin, "EventHeader", EventHeader.LENGTH, left);
        }
        long size = file.get(EventHeader.INT32, at + 9) & 0xFFFF_FFFFL;
        if (size < EventHeader.LENGTH + checksum.lengthBytes()) {
            throw new DamagedBinlogException(
                    origin,
                    "EventHeader.sizeBytes",
                    "at least " + (EventHeader.LENGTH + checksum.lengthBytes()),
                    Long.toString(size));
        }
        if (size > left) {
            throw new TruncatedBinlogException(origin, "EventHeader.sizeBytes", size, left);
        }
        byte[] encrypted = file.asSlice(at, size).toArray(ValueLayout.JAVA_BYTE);
        RawEvent event = modes.size() > 1 ? firstEvent(encrypted, origin) : read(encrypted, origin);
        at += size;
        return event;
    }

    private RawEvent read(byte[] encrypted, EventOrigin origin) {
        return RawEvent.verified(decrypt(encrypted, modes.getFirst()), checksum, origin);
    }

    private RawEvent firstEvent(byte[] encrypted, EventOrigin origin) {
        for (String mode : MODES) {
            byte[] clear = decrypt(encrypted, mode);
            EventHeader header = EventHeader.decode(MemorySegment.ofArray(clear), 0);
            boolean isSound =
                    EventType.find(header.typeCode()).isPresent()
                            && header.nextPosition() == ((at + clear.length) & 0xFFFF_FFFFL);
            if (isSound) {
                modes = List.of(mode);
                return RawEvent.verified(clear, checksum, origin);
            }
        }
        throw new Problem(
                ErrorCode.UNSUPPORTED,
                "cannot decrypt the event at %s: expected an event of this place, found none with AES-CBC or AES-CTR"
                        .formatted(origin),
                "the key given is not the one of this file; give the key file of the server that wrote it.");
    }

    private byte[] decrypt(byte[] encrypted, String mode) {
        byte[] clear = encrypted.clone();
        System.arraycopy(encrypted, 0, clear, 9, 4);
        byte[] vector =
                ByteBuffer.allocate(BLOCK)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(nonce)
                        .putInt((int) at)
                        .array();
        try {
            crypt(clear, mode, vector);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES", e);
        }
        System.arraycopy(clear, 9, clear, 0, 4);
        System.arraycopy(encrypted, 9, clear, 9, 4);
        return clear;
    }

    private void crypt(byte[] event, String mode, byte[] vector) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(mode);
        cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(vector));
        int from = 4;
        int length = event.length - from;
        if (mode.contains("CTR")) {
            cipher.doFinal(event, from, length, event, from);
            return;
        }
        int whole = length / BLOCK * BLOCK;
        cipher.doFinal(event, from, whole, event, from);
        if (whole < length) {
            Cipher single = Cipher.getInstance("AES/ECB/NoPadding");
            single.init(Cipher.ENCRYPT_MODE, key);
            byte[] mask = single.doFinal(vector);
            for (int i = whole; i < length; i++) {
                event[from + i] ^= mask[i - whole];
            }
        }
    }
}
