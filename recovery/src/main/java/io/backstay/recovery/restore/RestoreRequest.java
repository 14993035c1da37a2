package io.backstay.recovery.restore;

import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;

/// What to restore, how far, and where to.
///
/// @param threads tables that are loaded at once, at least 1
/// @param isBaseOnly the log is left out: for measuring; `until` must be the end then
/// @param withAccounts accounts and grants of the base are made; accounts that are in the target
///   already and in the base too are replaced, others are left
public record RestoreRequest(
        Path archive,
        ServerAddress target,
        Until until,
        int threads,
        boolean isBaseOnly,
        boolean withAccounts) {

    public static RestoreRequest of(Path archive, ServerAddress target) {
        return new RestoreRequest(archive, target, new Until.End(), 2, false, true);
    }
}
