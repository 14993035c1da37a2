package io.backstay.recovery.restore;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.InflatedLog;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A segment with what is compressed in it laid out, in a file that has no name any more.
public final class InflatedSegment {
    private InflatedSegment() {}

    /// @param name of the source's file, for errors
    /// @param toClose what was made for it is added
    /// @return the segment's own bytes if nothing in it is compressed
    public static MemorySegment of(BinlogFile segment, String name, List<BinlogFile> toClose) {
        if (!InflatedLog.isNeeded(segment.bytes())) {
            return segment.bytes();
        }
        try {
            Path file = Files.createTempFile("backstay-", ".binlog");
            try {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                    InflatedLog.write(segment.bytes(), name, out);
                }
                BinlogFile inflated = BinlogFile.open(file);
                toClose.add(inflated);
                return inflated.bytes();
            } finally {
                Files.delete(file); // what is mapped stays
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
