package io.backstay.recovery.restore;

import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.archive.store.ArchiveAddress;
import java.nio.file.Path;

/// What to restore, how far, and where to.
///
/// @param threads tables that are loaded at once, at least 1
/// @param isBaseOnly the log is left out: for measuring; `until` must be the end then
/// @param withAccounts accounts and grants of the base are made; accounts that are in the target
///   already and in the base too are replaced, others are left
/// @param confirmation the plan's digest, or its first 12 digits, for a target that is not empty
/// @param memory for the log's keys
/// @param isDelta tables that the target has alike keep the key ranges whose digests are right
public record RestoreRequest(
        ArchiveAddress archive,
        ServerAddress target,
        Until until,
        int threads,
        boolean isBaseOnly,
        boolean withAccounts,
        Selection selection,
        String confirmation,
        boolean isDelta,
        MemoryLimit memory) {

    /// Everything, into an empty server.
    public RestoreRequest(
            Path archive,
            ServerAddress target,
            Until until,
            int threads,
            boolean isBaseOnly,
            boolean withAccounts) {
        this(ArchiveAddress.of(archive), target, until, threads, isBaseOnly, withAccounts);
    }

    /// Everything, into an empty server.
    public RestoreRequest(
            ArchiveAddress archive,
            ServerAddress target,
            Until until,
            int threads,
            boolean isBaseOnly,
            boolean withAccounts) {
        this(
                archive,
                target,
                until,
                threads,
                isBaseOnly,
                withAccounts,
                Selection.all(),
                "",
                false,
                MemoryLimit.ofThisProcess());
    }

    /// A part of it, also into a server that has other databases.
    ///
    /// @param digest the first 12 digits or more of the plan's digest; empty if the target is empty
    public RestoreRequest withSelection(Selection wanted, String digest) {
        return new RestoreRequest(
                archive,
                target,
                until,
                threads,
                isBaseOnly,
                withAccounts,
                wanted,
                digest,
                false,
                memory);
    }

    /// Onto a stale or damaged server: what is there and right is kept.
    public RestoreRequest asDelta(String digest) {
        return new RestoreRequest(
                archive,
                target,
                until,
                threads,
                isBaseOnly,
                withAccounts,
                Selection.all(),
                digest,
                true,
                memory);
    }

    public RestoreRequest within(MemoryLimit limit) {
        return new RestoreRequest(
                archive,
                target,
                until,
                threads,
                isBaseOnly,
                withAccounts,
                selection,
                confirmation,
                isDelta,
                limit);
    }

    public static RestoreRequest of(Path archive, ServerAddress target) {
        return of(ArchiveAddress.of(archive), target);
    }

    public static RestoreRequest of(ArchiveAddress archive, ServerAddress target) {
        return new RestoreRequest(archive, target, new Until.End(), 2, false, true);
    }
}
