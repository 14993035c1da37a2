package io.backstay.ledger;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The raw lines of one chain's file, front to back.
final class ChainFile implements AutoCloseable {
    private final InputStream bytes;
    private final Path file;

    ChainFile(Path file) {
        this.file = file;
        try {
            bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One stretch of bytes up to a line feed, or up to the end.
    ///
    /// @param isComplete whether a line feed ended it
    @SuppressWarnings("ArrayRecordComponent") // never compared, handed over once
    record RawLine(byte[] bytes, boolean isComplete) {}

    /// The next line; one without bytes and without line feed at the end. A line longer than an
    /// entry may be is cut there, which no entry survives.
    RawLine next() {
        var line = new ByteArrayOutputStream(512);
        try {
            for (int b = bytes.read(); b >= 0; b = bytes.read()) {
                if (b == '\n') {
                    return new RawLine(line.toByteArray(), true);
                }
                line.write(b);
                if (line.size() > EntryLine.BYTES_MAX) {
                    return new RawLine(line.toByteArray(), true);
                }
            }
            return new RawLine(line.toByteArray(), false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    @Override
    public void close() {
        try {
            bytes.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
