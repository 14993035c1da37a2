package io.backstay.recovery.stream;

import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;

/// What to follow, and into which archive.
///
/// @param archive holds a base at least
/// @param isUntilNow ends when all is read that the source has at that moment
/// @param segmentBytes a segment is closed at the first transaction end behind so many bytes
/// @param segmentAge a segment is closed at the first transaction end after so long
/// @param patience how long a source may be away or lack the archive's end before the stream fails
public record StreamRequest(
        Path archive,
        ServerAddress source,
        boolean isUntilNow,
        long segmentBytes,
        Duration segmentAge,
        Duration patience) {

    public static StreamRequest of(Path archive, ServerAddress source) {
        return new StreamRequest(
                archive, source, false, 256L << 20, Duration.ofMinutes(10), Duration.ofMinutes(10));
    }

    public StreamRequest untilNow() {
        return new StreamRequest(
                archive, source, true, segmentBytes, segmentAge, Duration.ofSeconds(10));
    }

    public StreamRequest withPatience(Duration value) {
        return new StreamRequest(archive, source, isUntilNow, segmentBytes, segmentAge, value);
    }

    public StreamRequest withSegmentBytes(long value) {
        return new StreamRequest(archive, source, isUntilNow, value, segmentAge, patience);
    }
}
