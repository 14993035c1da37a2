package io.backstay.lab;

import io.backstay.doors.Disk;
import io.backstay.lab.internal.ServerDownload;
import java.nio.file.Files;
import java.nio.file.Path;

/// One unpacked MariaDB: the server, its clients, its messages.
///
/// Unpacked once per machine and version under `HOME/servers/mariadb-VERSION`, never changed
/// afterwards.
public record ServerBinaries(ServerVersion version, Path folder) {

    /// The unpacked version, fetched by the user's own Maven where it is missing. Two processes may
    /// ask at once: one fetches, the other waits.
    ///
    /// @param home see [#home]
    public static ServerBinaries require(String version, Path home) {
        ServerVersion wanted = ServerVersion.parse(version);
        Path servers = Disk.folder(home.toAbsolutePath().normalize().resolve("servers"));
        Path folder = servers.resolve("mariadb-" + wanted);
        if (!Files.isDirectory(folder)) {
            ServerDownload.into(folder, wanted.toString());
        }
        return new ServerBinaries(wanted, folder);
    }

    /// Where unpacked servers are kept: system property `backstay.home`, else environment
    /// `BACKSTAY_HOME`, else `.backstay` in the working directory.
    public static Path home() {
        String property = System.getProperty("backstay.home", "");
        String environment = System.getenv().getOrDefault("BACKSTAY_HOME", "");
        Path home =
                Path.of(
                        !property.isEmpty()
                                ? property
                                : !environment.isEmpty() ? environment : ".backstay");
        return home.toAbsolutePath().normalize();
    }

    public Path mariadbd() {
        return folder.resolve("bin/mariadbd");
    }

    /// A command line client that starts on every Linux: that of 11.4.5, whatever the server.
    /// Without TLS it wants `--skip-ssl`, through a socket too.
    public static Path requireClient(Path home) {
        return require("11.4.5", home).mariadb();
    }

    /// This version's own command line client. That of 10.11.5 needs libncurses 5, which few
    /// systems have: see [#requireClient].
    public Path mariadb() {
        return folder.resolve("bin/mariadb");
    }

    public Path mariadbDump() {
        return folder.resolve("bin/mariadb-dump");
    }

    public Path share() {
        return folder.resolve("share");
    }
}
