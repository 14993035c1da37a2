package io.backstay.binlog;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.function.Consumer;

/// A log with its compressed events (MariaDB) as the plain ones of the same kind, and its
/// compressed transactions (MySQL) as the events that they hold, so that all of it can be read in
/// place.
///
/// Events end where they, or the payload that held them, ended in the source's file. Nothing has a
/// checksum; all were checked on the way.
public final class InflatedLog {
    private static final int CHECKSUM_FROM_END = 5;

    private InflatedLog() {}

    /// Whether a log holds anything compressed. Looks at nothing but the events' heads.
    public static boolean isNeeded(MemorySegment bytes) {
        long at =
                bytes.byteSize() >= 4 && bytes.get(EventHeader.INT32, 0) == BinlogReader.MAGIC
                        ? 4
                        : 0;
        while (at + EventHeader.LENGTH <= bytes.byteSize()) {
            int type = bytes.get(ValueLayout.JAVA_BYTE, at + 4) & 0xFF;
            if (type == EventType.TRANSACTION_PAYLOAD.code()
                    || (type >= EventType.QUERY_COMPRESSED.code()
                            && CompressedEvents.plain(type).isPresent())) {
                return true;
            }
            // a size that is none is for the reader to tell
            at += Math.max(EventHeader.LENGTH, bytes.get(EventHeader.INT32, at + 9) & 0xFFFF_FFFFL);
        }
        return false;
    }

    /// @param file the name that errors give
    /// @throws Problem if more comes out than one stretch can have
    /// @throws DamagedBinlogException as [BinlogReader], and for a payload that contradicts itself
    public static void write(MemorySegment bytes, String file, OutputStream out)
            throws IOException {
        var reader = new BinlogReader(bytes, file);
        var inflated = new Writer(out, file);
        inflated.write(new byte[] {(byte) 0xfe, 'b', 'i', 'n'});
        while (reader.next()) {
            if (reader.typeCode() == EventType.FORMAT_DESCRIPTION.code()) {
                byte[] format = copy(reader, reader.offset() + reader.sizeBytes());
                format[format.length - CHECKSUM_FROM_END] = 0; // no checksums
                inflated.write(format);
            } else if (reader.typeCode() == EventType.TRANSACTION_PAYLOAD.code()) {
                long end = reader.header().nextPosition();
                forEachInside(reader, event -> inflated.write(at(event.bytes(), end)));
            } else {
                Optional<EventType> plain = CompressedEvents.plain(reader.typeCode());
                byte[] event =
                        plain.isPresent()
                                ? CompressedEvents.inflate(reader, plain.get())
                                : copy(reader, reader.bodyEnd());
                MemorySegment.ofArray(event).set(EventHeader.INT32, 9, event.length);
                inflated.write(event);
            }
            inflated.requireWritten();
        }
    }

    /// The events inside the payload that a reader stands on, in order.
    public static void forEachInside(BinlogReader reader, Consumer<RawEvent> consumer) {
        forEach(
                LoggedEvent.of(
                        reader.origin(),
                        reader.offset() + reader.sizeBytes(),
                        reader.header(),
                        reader.type(),
                        reader.decode(),
                        reader.bytes(),
                        false),
                consumer);
    }

    /// The same of a payload that came from a server.
    public static void forEachInside(RawEvent payload, Consumer<RawEvent> consumer) {
        forEach(
                LoggedEvent.of(
                        payload.origin(),
                        payload.header().nextPosition(),
                        payload.header(),
                        payload.type(),
                        payload.decode(Flavour.MYSQL),
                        MemorySegment.ofArray(payload.bytes()),
                        false),
                consumer);
    }

    private static void forEach(LoggedEvent payload, Consumer<RawEvent> consumer) {
        try (var events = new PayloadEvents(payload, (TransactionPayloadEvent) payload.event())) {
            for (var event = events.nextRaw(); event.isPresent(); event = events.nextRaw()) {
                consumer.accept(event.get());
            }
        }
    }

    private static byte[] copy(BinlogReader reader, long end) {
        return reader.bytes()
                .asSlice(reader.offset(), end - reader.offset())
                .toArray(ValueLayout.JAVA_BYTE);
    }

    private static byte[] at(byte[] event, long nextPosition) {
        MemorySegment.ofArray(event).set(EventHeader.INT32, 13, (int) nextPosition);
        return event;
    }

    /// Counts what is written; what fails inside a payload is thrown behind it.
    private static final class Writer {
        private final OutputStream out;
        private final String file;
        private long length;
        private @org.jspecify.annotations.Nullable IOException failure;

        Writer(OutputStream out, String file) {
            this.out = out;
            this.file = file;
        }

        void write(byte[] bytes) {
            length += bytes.length;
            if (length > Integer.MAX_VALUE) {
                throw new Problem(
                        ErrorCode.UNSUPPORTED,
                        "%s holds compressed events of more than 2 GiB together".formatted(file),
                        "set a smaller max_binlog_size on the source, or its compression off.");
            }
            if (failure == null) {
                try {
                    out.write(bytes);
                } catch (IOException e) {
                    failure = e;
                }
            }
        }

        void requireWritten() throws IOException {
            if (failure != null) {
                throw failure;
            }
        }
    }
}
