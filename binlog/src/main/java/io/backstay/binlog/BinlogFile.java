package io.backstay.binlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A binary log file mapped into memory, read-only, while it is open.
public final class BinlogFile implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final String name;
    private final MemorySegment bytes;

    private BinlogFile(Path file) {
        this.name = String.valueOf(file.getFileName());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            this.bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            arena.close();
            throw new UncheckedIOException(e);
        }
    }

    public static BinlogFile open(Path file) {
        return new BinlogFile(file);
    }

    public String name() {
        return name;
    }

    /// Valid until [#close].
    public MemorySegment bytes() {
        return bytes;
    }

    public BinlogReader reader() {
        return new BinlogReader(bytes, name);
    }

    @Override
    public void close() {
        arena.close();
    }
}
