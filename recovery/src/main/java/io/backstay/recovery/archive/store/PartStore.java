package io.backstay.recovery.archive.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Where an archive's bytes lie, by names relative to it, `/` between their words.
///
/// - A *part* is written once and never changes.
/// - A *document* is replaced as a whole; of several who replace it at once, none is lost.
/// - A *journal* grows by whole lines.
///
/// What a method that writes has returned from survives the end of this machine, for a folder that
/// of its power. Safe for use by several threads and processes. Errors: [StoreProblem] and
/// [java.io.UncheckedIOException], nothing half done that a reader could take for whole.
public sealed interface PartStore permits DirectoryStore, BucketStore, EncryptedStore {

    /// Begins a part.
    PartWriting begin(String path) throws IOException;

    /// Makes a written file a part. The file may be gone then.
    ///
    /// @param sha256 of the file, lower-case hexadecimal
    /// @return the path it is kept under, which may say more than the one wished for
    String keep(Path file, String path, String sha256);

    /// A part's bytes from an offset on.
    ///
    /// Errors: [java.nio.file.NoSuchFileException], [LinkFoundException], [SealBrokenException]
    StoredBytes open(String path, long from) throws IOException;

    /// The part as a file of this machine, if it is one. Errors: as [#open].
    Optional<Path> find(String path) throws IOException;

    /// Names of what is directly in a folder; none if there is no such folder. Links are left out.
    List<String> list(String folder);

    /// Deletes one part, or all in a folder. What is already gone is no error.
    void delete(String path);

    Optional<byte[]> document(String name);

    /// Makes the first document of a place that has nothing else.
    ///
    /// @return the name of what is there already; empty if it was made
    Optional<String> create(String name, byte[] content);

    /// Replaces a document that is there; nothing is written if the step returns what it was given.
    /// The step may run more than once.
    void update(String name, UnaryOperator<byte[]> step);

    /// Adds a line, which has no line feed in it.
    void append(String journal, byte[] line);

    /// All whole lines, oldest first.
    List<byte[]> journal(String name);

    /// Tries to be the only writer of its kind.
    StoreLock.Attempt tryLock(String role);

    /// Folder of this machine for what is no part yet, and for copies.
    Path workFolder();

    /// Whether [#workFolder] is the archive itself, so that what is durable there is in the
    /// archive.
    boolean isWorkFolderDurable();
}
