package io.backstay.recovery.archive;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Rows of one table as the server's LOAD DATA reads them, in one zstd frame.
///
/// Uncompressed: one line a row, fields separated by one tab (`09`), each line ended by one line
/// feed (`0a`); a column's bytes in its own character set; `\N` is NULL; backslash, tab, line feed,
/// carriage return and NUL in a value are written `\\`, `\t`, `\n`, `\r`, `\0`. Generated columns
/// are left out; the others stand in the order of [BaseDocument.Table#columns]. Source: MariaDB
/// knowledge base, "LOAD DATA INFILE".
public final class ChunkReader {
    public static final int FORMAT_VERSION = 1;

    private ChunkReader() {}

    /// The uncompressed text; the caller closes it. Checksums are looked at as it is read.
    public static InputStream open(Archive archive, PartEntry part) {
        try {
            return new ZstdInputStream(archive.read(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
