package io.backstay.recovery.stream;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What the bytes of an open segment do not say themselves: the file `open/segment.json` in the
/// archive's work folder, UTF-8 JSON of this record, written before the segment's first byte and
/// deleted after the manifest has it.
///
/// @param fromGtid state before its first transaction
/// @param serverId of the server it is streamed from
/// @param file that server's binary log
record OpenHeader(int formatVersion, int number, String fromGtid, long serverId, String file) {
    static final int FORMAT_VERSION = 1;
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .build();

    static Optional<OpenHeader> find(Archive archive) {
        Path at = path(archive);
        if (!Files.exists(at)) {
            return Optional.empty();
        }
        try {
            OpenHeader header = MAPPER.readValue(Files.readAllBytes(at), OpenHeader.class);
            if (header.formatVersion == FORMAT_VERSION) {
                return Optional.of(header);
            }
            throw new Problem(
                    ErrorCode.UNSUPPORTED,
                    at
                            + ": format version "
                            + header.formatVersion
                            + ", this program reads "
                            + FORMAT_VERSION,
                    "use the version of backstay that wrote it, or a newer one.");
        } catch (JacksonException e) {
            throw new Problem(
                    ErrorCode.BAD_FILE,
                    at
                            + ": expected the header of an open segment, found "
                            + e.getOriginalMessage(),
                    "move the folder "
                            + at.getParent()
                            + " away; what was streamed since the last segment is in it.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int nextNumber(Archive archive) {
        return archive.manifest().nextSegmentNumber();
    }

    void write(Archive archive) {
        Disk.folder(archive.workFolder().resolve("open"));
        Disk.writeAtomically(path(archive), MAPPER.writeValueAsBytes(this));
    }

    void delete(Archive archive) {
        try {
            Files.deleteIfExists(path(archive));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String partPath() {
        return Manifest.segmentPath(number);
    }

    Path openFile(Archive archive) {
        return archive.workFolder().resolve("open/%08d.binlog".formatted(number));
    }

    private static Path path(Archive archive) {
        return archive.workFolder().resolve("open/segment.json");
    }
}
