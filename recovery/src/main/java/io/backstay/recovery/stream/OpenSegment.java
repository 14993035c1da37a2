package io.backstay.recovery.stream;

import io.backstay.binlog.Flavour;
import io.backstay.binlog.FormatDescriptionEvent;
import io.backstay.binlog.GtidSet;
import io.backstay.binlog.RawEvent;
import io.backstay.doors.Disk;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.GroupTracker;
import io.backstay.recovery.archive.PartEntry;
import io.backstay.recovery.archive.PartKind;
import io.backstay.recovery.archive.SegmentEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The segment that is being written: `open/NNNNNNNN.binlog`, with its [OpenHeader] beside it.
///
/// What [#forceIfDirty] has made durable survives a kill at any byte: [OpenSegmentRecovery] cuts
/// the file at its last whole transaction. One thread writes; [#forceIfDirty] may come from
/// another.
final class OpenSegment {
    static final byte[] MAGIC = {(byte) 0xfe, 'b', 'i', 'n'};
    private static final int BUFFER_BYTES = 1 << 18;

    private final Archive archive;
    private final OpenHeader header;
    private final Path file;
    private final FileChannel channel;
    private final Flavour flavour;
    private final GroupTracker tracker;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final long startedNanos = System.nanoTime();
    private long length;
    private long wholeLength;
    private long lastPosition;
    private long forcedLength;
    private long toldTransactions;
    private boolean isClosed;

    private OpenSegment(
            Archive archive, OpenHeader header, Path file, FileChannel channel, Flavour flavour) {
        this.archive = archive;
        this.header = header;
        this.file = file;
        this.channel = channel;
        this.flavour = flavour;
        tracker = new GroupTracker(GtidSet.parse(header.fromGtid()));
    }

    /// @param format the stream's format description
    static OpenSegment begin(
            Archive archive, GtidSet from, long serverId, String sourceFile, RawEvent format) {
        int number = OpenHeader.nextNumber(archive);
        var header =
                new OpenHeader(
                        OpenHeader.FORMAT_VERSION,
                        number,
                        from.place().toString(),
                        serverId,
                        sourceFile);
        Path file = header.openFile(archive);
        header.write(archive);
        FileChannel channel = Disk.createForAppend(file);
        var segment =
                new OpenSegment(
                        archive,
                        header,
                        file,
                        channel,
                        ((FormatDescriptionEvent) format.decode()).flavour());
        segment.append(MAGIC);
        segment.append(format.bytes());
        segment.wholeLength = segment.length;
        return segment;
    }

    /// Takes one event of the log in; not yet durable.
    synchronized GroupTracker.Place add(RawEvent event) {
        GroupTracker.Place place = tracker.see(event, flavour);
        if (place != GroupTracker.Place.KNOWN) {
            append(event.bytes());
        }
        if (place == GroupTracker.Place.WHOLE) {
            wholeLength = length;
            lastPosition = event.header().nextPosition();
        }
        return place;
    }

    /// Makes all that was added durable; nothing is done if nothing was added since.
    ///
    /// @return the archive's end by that; null if nothing was done
    @Nullable GtidSet forceIfDirty() {
        GtidSet end;
        synchronized (this) {
            if (isClosed || forcedLength == length) {
                return null;
            }
            flush();
            forcedLength = length;
            end = tracker.position();
        }
        try {
            channel.force(false);
        } catch (ClosedChannelException e) {
            // closed meanwhile, which forced it too
            return end;
        } catch (IOException e) {
            throw new UncheckedIOException(Disk.named(file, e));
        }
        return end;
    }

    /// Transactions since this was last asked.
    synchronized long takeNewTransactions() {
        long fresh = tracker.transactions() - toldTransactions;
        toldTransactions = tracker.transactions();
        return fresh;
    }

    synchronized long transactions() {
        return tracker.transactions();
    }

    synchronized long lengthBytes() {
        return length;
    }

    long ageNanos() {
        return System.nanoTime() - startedNanos;
    }

    synchronized long lastSeconds() {
        Long seconds = tracker.lastSeconds();
        return seconds == null ? 0 : seconds;
    }

    /// Cuts a transaction that broke off, and enters the rest in the archive; a segment without any
    /// transaction goes away instead.
    ///
    /// @return the archive's end by that
    synchronized GtidSet close() {
        flush();
        isClosed = true;
        try {
            if (length > wholeLength) {
                channel.truncate(wholeLength);
            }
            tracker.breakOff();
            channel.force(true);
            channel.close();
            if (tracker.transactions() == 0) {
                Files.delete(file);
            } else {
                enter(archive, header, file, tracker, lastPosition);
            }
            header.delete(archive);
            return tracker.position();
        } catch (IOException e) {
            throw new UncheckedIOException(Disk.named(file, e));
        }
    }

    static void enter(
            Archive archive,
            OpenHeader header,
            Path file,
            GroupTracker tracker,
            long lastPosition) {
        PartEntry part =
                archive.adopt(
                        file, header.partPath(), PartKind.SEGMENT, SegmentEntry.FORMAT_VERSION);
        archive.addSegment(
                SegmentEntry.of(
                        part,
                        GtidSet.parse(header.fromGtid()),
                        header.serverId(),
                        header.file(),
                        tracker,
                        lastPosition));
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(byte[] bytes) {
        if (buffer.remaining() < bytes.length) {
            flush();
        }
        if (buffer.remaining() < bytes.length) {
            write(ByteBuffer.wrap(bytes));
        } else {
            buffer.put(bytes);
        }
        length += bytes.length;
    }

    private void flush() {
        buffer.flip();
        write(buffer);
        buffer.clear();
    }

    private void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(Disk.named(file, e));
        }
    }
}
