package io.backstay.recovery.stream;

import io.backstay.mysql.BinlogStream;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.Rate;
import io.backstay.recovery.archive.store.ArchiveAddress;
import java.nio.file.Path;
import java.time.Duration;

/// What to follow, and into which archive.
///
/// @param archive holds a base at least
/// @param mode until when to follow, and whether the source's commits wait for the archive
/// @param segmentBytes a segment is closed at the first transaction end behind so many bytes
/// @param segmentAge a segment is closed at the first transaction end after so long
/// @param patience how long a source may be away or lack the archive's end before the stream fails
/// @param rate of the log's events
public record StreamRequest(
        ArchiveAddress archive,
        ServerAddress source,
        BinlogStream.Mode mode,
        long segmentBytes,
        Duration segmentAge,
        Duration patience,
        Rate rate) {

    public static StreamRequest of(Path archive, ServerAddress source) {
        return of(ArchiveAddress.of(archive), source);
    }

    public static StreamRequest of(ArchiveAddress archive, ServerAddress source) {
        return new StreamRequest(
                archive,
                source,
                BinlogStream.Mode.FOLLOW,
                256L << 20,
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Rate.unlimited());
    }

    public StreamRequest untilNow() {
        return new StreamRequest(
                archive,
                source,
                BinlogStream.Mode.UNTIL_NOW,
                segmentBytes,
                segmentAge,
                Duration.ofSeconds(10),
                rate);
    }

    /// The source answers a commit only when it is durable in the archive.
    public StreamRequest semiSync() {
        return new StreamRequest(
                archive,
                source,
                BinlogStream.Mode.SEMI_SYNC,
                segmentBytes,
                segmentAge,
                patience,
                rate);
    }

    boolean isUntilNow() {
        return mode == BinlogStream.Mode.UNTIL_NOW;
    }

    public StreamRequest withPatience(Duration value) {
        return new StreamRequest(archive, source, mode, segmentBytes, segmentAge, value, rate);
    }

    public StreamRequest withSegmentBytes(long value) {
        return new StreamRequest(archive, source, mode, value, segmentAge, patience, rate);
    }

    public StreamRequest withRate(Rate value) {
        return new StreamRequest(archive, source, mode, segmentBytes, segmentAge, patience, value);
    }

    public StreamRequest withSegmentAge(Duration value) {
        return new StreamRequest(archive, source, mode, segmentBytes, value, patience, rate);
    }
}
