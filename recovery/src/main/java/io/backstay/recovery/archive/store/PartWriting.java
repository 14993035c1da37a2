package io.backstay.recovery.archive.store;

import java.io.IOException;
import java.io.OutputStream;

/// A part on its way into a store. One thread.
public interface PartWriting extends AutoCloseable {
    /// Where its bytes go; not closed by who writes.
    OutputStream out();

    /// Makes what was written a part.
    ///
    /// @param sha256 of it, lower-case hexadecimal
    /// @return the path it is kept under, which may say more than the one wished for
    String keep(String sha256) throws IOException;

    /// Deletes what was not kept.
    @Override
    void close() throws IOException;
}
