package io.backstay.recovery.restore;

import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerVersion;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.CopyEntry;
import io.backstay.recovery.physical.CopyServers;
import io.backstay.recovery.physical.KeptFiles;
import io.backstay.recovery.rows.Rows;
import java.nio.file.Path;
import java.util.List;

/// The directory of a scratch server that a base was proven on, kept as that base's files.
///
/// Its rows, programs and place are the base's already; its accounts are not: they go, and those of
/// the base are made. A base without accounts (of a dump) leaves `root@localhost` alone there.
public final class RebaseFiles {
    private RebaseFiles() {}

    /// @param directory of the scratch server, which was stopped cleanly
    /// @param version of that server
    public static CopyEntry keep(
            Archive archive,
            BaseEntry base,
            Path directory,
            ServerVersion version,
            CopyServers servers,
            int threads) {
        List<String> accounts = archive.document(base).accounts();
        try (CopyServers.Running running = servers.start(directory, version, List.of())) {
            try (Server control = Server.connect(running.address())) {
                replaceAccounts(control, accounts);
            }
            return KeptFiles.keep(archive, base, running, directory, version, threads);
        }
    }

    private static void replaceAccounts(Server control, List<String> accounts) {
        String own = control.requireValue("SELECT CURRENT_USER()");
        for (var row : Rows.of(control, "SELECT User, Host FROM mysql.global_priv")) {
            String user = String.valueOf(row.get(0));
            String host = String.valueOf(row.get(1));
            boolean isKept =
                    (user + "@" + host).equals(own)
                            || user.equals("mariadb.sys")
                            || user.equals("PUBLIC")
                            || (accounts.isEmpty() && (user + "@" + host).equals("root@localhost"));
            if (!isKept) {
                control.execute(
                        "DROP USER " + Identifier.quote(user) + "@" + Identifier.quote(host));
            }
        }
        new Programs(control).accounts(accounts);
    }
}
