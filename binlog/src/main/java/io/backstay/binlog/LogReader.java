package io.backstay.binlog;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Every event of one file as its record: what is compressed is inflated, what is inside a payload
/// comes out behind it, what is encrypted is decrypted.
///
/// For people and tools that look at everything. It costs objects for every event; a fold reads in
/// place with [BinlogReader]. Not safe for use by several threads. Close it; it closes its file.
public final class LogReader implements AutoCloseable {
    private static final int FLAG_IGNORABLE = 0x80;

    private final BinlogFile file;
    private final EncryptionKeys keys;
    private final @Nullable BinlogReader reader;
    private @Nullable InputStream clearFile;
    private @Nullable EventStream clearEvents;
    private long clearOffset = 4;
    private @Nullable EncryptedEvents encrypted;
    private @Nullable PayloadEvents payload;
    private @Nullable FormatDescriptionEvent format;

    /// @throws Problem if the file is encrypted and its key is not among those given
    public LogReader(BinlogFile file, EncryptionKeys keys) {
        this.file = file;
        this.keys = keys;
        MemorySegment bytes = file.bytes();
        boolean isEncrypted =
                bytes.byteSize() >= 4 && bytes.get(EventHeader.INT32, 0) == EncryptedFile.MAGIC;
        this.reader = isEncrypted ? null : file.reader();
        if (isEncrypted) {
            openEncrypted(bytes);
        }
    }

    private void openEncrypted(MemorySegment bytes) {
        clearFile = new EncryptedFile(bytes, file.name()).open(keys);
        clearEvents = new EventStream(clearFile, "EncryptedFile");
        byte[] magic = clearEvents.read(new EventOrigin(file.name(), 0), 4);
        if (magic.length != 4
                || MemorySegment.ofArray(magic).get(EventHeader.INT32, 0) != BinlogReader.MAGIC) {
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    "cannot decrypt %s: expected a binary log, found none".formatted(file.name()),
                    "the key given is not the one of this file, or the file is damaged.");
        }
    }

    /// The next event; empty at the end of the file.
    ///
    /// @throws TruncatedBinlogException if the file ends inside an event
    /// @throws DamagedBinlogException if an event contradicts the format or its checksum
    /// @throws Problem if an event is of an unknown type that may not be ignored, or its key is
    ///   missing
    public Optional<LoggedEvent> next() {
        if (payload != null) {
            Optional<LoggedEvent> inner = payload.next();
            if (inner.isPresent()) {
                return inner;
            }
            closePayload();
        }
        Optional<LoggedEvent> event =
                encrypted != null
                        ? nextEncrypted(encrypted)
                        : clearEvents != null ? nextClear(clearEvents) : nextPlain();
        event.ifPresent(this::note);
        return event;
    }

    /// The file's format description, once it was read.
    public Optional<FormatDescriptionEvent> format() {
        return Optional.ofNullable(format);
    }

    private Optional<LoggedEvent> nextPlain() {
        if (reader == null || !reader.next()) {
            return Optional.empty();
        }
        EventHeader header = reader.header();
        boolean isIgnored = reader.findType().isEmpty() && (header.flags() & FLAG_IGNORABLE) != 0;
        return Optional.of(
                LoggedEvent.of(
                        reader.origin(),
                        reader.offset() + reader.sizeBytes(),
                        header,
                        isIgnored ? EventType.IGNORABLE : reader.type(),
                        isIgnored ? new OpaqueEvent(EventType.IGNORABLE) : reader.decode(),
                        reader.bytes(),
                        false));
    }

    private Optional<LoggedEvent> nextEncrypted(EncryptedEvents events) {
        if (!events.hasNext()) {
            return Optional.empty();
        }
        RawEvent event = events.next();
        return Optional.of(logged(event, events.offset(), Flavour.MARIADB));
    }

    private Optional<LoggedEvent> nextClear(EventStream events) {
        var origin = new EventOrigin(file.name(), clearOffset);
        byte[] bytes = events.next(origin, Long.MAX_VALUE);
        if (bytes.length == 0) {
            return Optional.empty();
        }
        ChecksumAlgorithm checksum = format == null ? ChecksumAlgorithm.NONE : format.checksum();
        RawEvent event = RawEvent.verified(bytes, checksum, origin);
        if (format == null && event.type() != EventType.FORMAT_DESCRIPTION) {
            throw new DamagedBinlogException(
                    origin,
                    "EventHeader.typeCode",
                    "a format description first",
                    "type " + event.header().typeCode());
        }
        clearOffset += bytes.length;
        return Optional.of(logged(event, clearOffset, Flavour.MYSQL));
    }

    private static LoggedEvent logged(RawEvent event, long end, Flavour flavour) {
        return LoggedEvent.of(
                event.origin(),
                end,
                event.header(),
                event.type(),
                event.decode(flavour),
                MemorySegment.ofArray(event.bytes()),
                false);
    }

    private void note(LoggedEvent event) {
        if (event.event() instanceof FormatDescriptionEvent found) {
            format = found;
        } else if (event.event() instanceof TransactionPayloadEvent head) {
            payload = new PayloadEvents(event, head);
        } else if (event.event() instanceof StartEncryptionEvent start && format != null) {
            encrypted =
                    new EncryptedEvents(
                            file.bytes(),
                            event.origin(),
                            event.endOffset(),
                            start,
                            format.checksum(),
                            keys);
        }
    }

    private void closePayload() {
        if (payload != null) {
            payload.close();
            payload = null;
        }
    }

    @Override
    public void close() {
        try (file) {
            closePayload();
            if (clearFile != null) {
                clearFile.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
