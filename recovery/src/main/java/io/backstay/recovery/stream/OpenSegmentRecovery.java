package io.backstay.recovery.stream;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.DamagedBinlogException;
import io.backstay.binlog.EventType;
import io.backstay.binlog.GtidSet;
import io.backstay.doors.Disk;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveLock;
import io.backstay.recovery.archive.GroupTracker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/// Takes up an open segment that a killed stream left: cut at the last whole transaction, then
/// entered in the archive.
///
/// An event that does not hold against its own checksum ends it too, as a write that a power cut
/// broke looks like that; what is behind is fetched from the source again.
public final class OpenSegmentRecovery {
    private OpenSegmentRecovery() {}

    /// Leaves it alone while a stream is at work.
    ///
    /// @return what was done, for people; empty if there was nothing to take up
    public static Optional<String> run(Archive archive) {
        if (OpenHeader.find(archive).isEmpty()) {
            return Optional.empty();
        }
        Optional<ArchiveLock> lock = archive.tryLock("stream");
        if (lock.isEmpty()) {
            return Optional.of("a stream is at work: the segment it is writing does not count yet");
        }
        try (ArchiveLock _ = lock.get()) {
            return runLocked(archive);
        }
    }

    static Optional<String> runLocked(Archive archive) {
        Optional<OpenHeader> found = OpenHeader.find(archive);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        OpenHeader header = found.get();
        Path open = header.openFile(archive);
        Path renamed = archive.workFolder().resolve(header.partPath());
        String said = "";
        if (Files.exists(open)) {
            said = takeUp(archive, header, open);
        } else if (Files.exists(renamed) && !archive.manifest().hasSegment(header.number())) {
            said = takeUp(archive, header, renamed);
        }
        header.delete(archive);
        return said.isEmpty() ? Optional.empty() : Optional.of(said);
    }

    private static String takeUp(Archive archive, OpenHeader header, Path file) {
        var tracker = new GroupTracker(GtidSet.parse(header.fromGtid()));
        try {
            long length = Files.size(file);
            long whole = 0;
            long lastPosition = 0;
            String end = "";
            if (length > OpenSegment.MAGIC.length) {
                try (BinlogFile log = BinlogFile.open(file)) {
                    BinlogReader reader = log.reader();
                    while (reader.next()) {
                        GroupTracker.Place place = tracker.see(reader);
                        if (place == GroupTracker.Place.WHOLE) {
                            whole = reader.offset() + reader.sizeBytes();
                            lastPosition =
                                    reader.type() == EventType.FORMAT_DESCRIPTION
                                            ? lastPosition
                                            : reader.header().nextPosition();
                        }
                    }
                } catch (DamagedBinlogException e) {
                    end =
                            e.getMessage() == null
                                    ? ""
                                    : e.getMessage().lines().findFirst().orElse("");
                }
            }
            tracker.breakOff();
            if (tracker.transactions() == 0 || isEntered(archive, header, tracker)) {
                Files.delete(file);
                return "";
            }
            if (!archive.isWorkFolderDurable() && !mayFollow(archive, header)) {
                return setAside(archive, file, tracker);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
                channel.force(true);
            }
            OpenSegment.enter(archive, header, file, tracker, lastPosition);
            return "took up the open segment: %d transactions up to %s; cut %d of %d bytes%s"
                    .formatted(
                            tracker.transactions(),
                            tracker.position(),
                            length - whole,
                            length,
                            end.isEmpty() ? "" : " (" + end + ")");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Killed between entering a copy of it and deleting it here.
    private static boolean isEntered(Archive archive, OpenHeader header, GroupTracker tracker) {
        return archive.manifest().segments().stream()
                .anyMatch(
                        segment ->
                                segment.fromGtid().equals(header.fromGtid())
                                        && segment.toGtid().equals(tracker.position().toString()));
    }

    private static boolean mayFollow(Archive archive, OpenHeader header) {
        return archive.end().filter(header.fromGtid()::equals).isPresent();
    }

    /// A stream on another machine has taken the archive on meanwhile: whether all of this is in
    /// what it fetched cannot be told for certain, so nothing is deleted.
    private static String setAside(Archive archive, Path file, GroupTracker tracker) {
        Path aside = file.resolveSibling("aside-" + UUID.randomUUID() + ".binlog");
        Disk.rename(file, aside);
        return "the archive has gone on without the open segment of this machine, %d transactions up to %s: it is now %s, and the archive ends at %s"
                .formatted(
                        tracker.transactions(),
                        tracker.position(),
                        aside,
                        archive.end().orElse("(nothing)"));
    }
}
