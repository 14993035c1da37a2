package io.backstay.recovery.archive.store;

import io.backstay.doors.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A part that is written to a file of this machine first.
final class FileWriting implements PartWriting {
    private final PartStore store;
    private final Path file;
    private final String path;
    private final FileChannel channel;
    private final OutputStream out = new Out();

    FileWriting(PartStore store, Path file, String path) throws IOException {
        this.store = store;
        this.file = file;
        this.path = path;
        Files.deleteIfExists(file);
        channel = Disk.createForAppend(file);
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public String keep(String sha256) throws IOException {
        channel.close();
        return store.keep(file, path, sha256);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    /// Into the file; an error names it.
    private final class Out extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, from, count);
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                throw Disk.named(file, e);
            }
        }
    }
}
