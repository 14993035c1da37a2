package io.backstay.node.operation;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.host.HostFolders;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;

/// Renames the stopped data directory aside: the way back costs another rename.
public final class SetAside implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of();
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        HostFolders folders = host.folders();
        if (Files.exists(folders.aside())) {
            if (!Files.exists(folders.data())) {
                return Map.of("aside", folders.aside().toString());
            }
            throw new Problem(
                    ErrorCode.REFUSED,
                    "cannot set %s aside: %s is there already"
                            .formatted(folders.data(), folders.aside()),
                    "a change before this one is not finished; look at `ledger show` of this host.");
        }
        if (host.server().isRunning()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "cannot set %s aside: its server runs".formatted(folders.data()),
                    "`mysql.stop` comes before `data.set-aside`.");
        }
        Disk.rename(folders.data(), folders.aside());
        return Map.of("aside", folders.aside().toString());
    }
}
