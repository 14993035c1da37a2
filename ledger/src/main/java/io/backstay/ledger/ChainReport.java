package io.backstay.ledger;

/// What came of holding one chain against its own hashes, its signatures and the heads kept
/// elsewhere.
public sealed interface ChainReport {

    String writer();

    /// Nothing was changed, reordered or cut before the last mirrored head.
    ///
    /// @param lines number of entries
    /// @param mirrors number of mirrored heads it was held against; 0 proves nothing about what may
    ///   be cut off at the end
    /// @param head hash of the last entry
    record Intact(String writer, long lines, int mirrors, String head) implements ChainReport {}

    /// @param line the first line that is wrong, from 1
    /// @param detail expected and found
    record Broken(String writer, long line, Damage damage, String detail) implements ChainReport {}

    /// What is wrong with a chain.
    enum Damage {
        GAP,
        REORDER,
        EDIT,
        /// An entry that a mirrored head names is not there.
        TRUNCATION,
        /// The last line has no end. An open ledger cuts it; in a copy it is damage.
        TORN_TAIL,
        /// The entry a mirrored head names is there with other content.
        FORK,
        BAD_SIGNATURE,
        FOREIGN_KEY,
        /// An entry is signed by a key that is trusted for another writer.
        FOREIGN_WRITER,
        /// A head to hold the chain against is not signed by its writer's trusted key.
        BAD_MIRROR,
        /// A mirrored head names a writer that has no chain here.
        MISSING,
        /// The file could not be read to its end.
        UNREADABLE
    }
}
