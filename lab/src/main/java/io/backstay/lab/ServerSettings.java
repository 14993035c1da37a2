package io.backstay.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// All that one lab server is started with.
///
/// @param dataDir its data directory, binary logs included
/// @param runDir socket, log and pid file; never inside the data directory
/// @param address a loopback address, 127.0.0.0/8
/// @param domainId GTID domain, one a cluster
/// @param extraOptions appended last, so they win: `--read-only=1`
public record ServerSettings(
        ServerBinaries binaries,
        Path dataDir,
        Path runDir,
        String address,
        int port,
        int serverId,
        int domainId,
        Accounts accounts,
        List<String> extraOptions) {

    public ServerSettings {
        dataDir = dataDir.toAbsolutePath().normalize();
        runDir = runDir.toAbsolutePath().normalize();
        extraOptions = List.copyOf(extraOptions);
        if (!address.startsWith("127.")) {
            throw new IllegalArgumentException("a lab server listens on loopback only: " + address);
        }
    }

    /// GTID domain 0, port 3306, no extra options.
    public static ServerSettings of(
            ServerBinaries binaries,
            Path dataDir,
            Path runDir,
            String address,
            int serverId,
            Accounts accounts) {
        return new ServerSettings(
                binaries, dataDir, runDir, address, 3306, serverId, 0, accounts, List.of());
    }

    public ServerSettings withPort(int value) {
        return new ServerSettings(
                binaries,
                dataDir,
                runDir,
                address,
                value,
                serverId,
                domainId,
                accounts,
                extraOptions);
    }

    public ServerSettings withDomainId(int value) {
        return new ServerSettings(
                binaries, dataDir, runDir, address, port, serverId, value, accounts, extraOptions);
    }

    public ServerSettings withBinaries(ServerBinaries value) {
        return new ServerSettings(
                value, dataDir, runDir, address, port, serverId, domainId, accounts, extraOptions);
    }

    public ServerSettings withDataDir(Path value) {
        return new ServerSettings(
                binaries, value, runDir, address, port, serverId, domainId, accounts, extraOptions);
    }

    /// These options behind those that are there.
    public ServerSettings withOptions(String... options) {
        List<String> all = new ArrayList<>(extraOptions);
        all.addAll(List.of(options));
        return new ServerSettings(
                binaries, dataDir, runDir, address, port, serverId, domainId, accounts, all);
    }

    public Path socket() {
        return runDir.resolve("mariadbd.sock");
    }

    public Path log() {
        return runDir.resolve("mariadbd.log");
    }

    Path pidFile() {
        return runDir.resolve("mariadbd.pid");
    }

    /// `address:port`
    public String endpoint() {
        return address + ":" + port;
    }

    /// The server's argument list. Holds no secret.
    List<String> command() {
        List<String> command = new ArrayList<>(baseCommand());
        command.addAll(
                List.of(
                        "--socket=" + socket(),
                        "--pid-file=" + pidFile(),
                        "--bind-address=" + address,
                        "--port=" + port,
                        "--report-host=" + address,
                        "--report-port=" + port,
                        "--skip-name-resolve",
                        "--ssl=0",
                        "--server-id=" + serverId,
                        "--gtid-domain-id=" + domainId,
                        "--gtid-strict-mode=1",
                        "--log-bin=binlog",
                        "--relay-log=relay",
                        "--relay-log-recovery=1",
                        "--log-slave-updates=1",
                        "--binlog-format=ROW",
                        "--sync-binlog=0",
                        "--innodb-flush-log-at-trx-commit=2",
                        "--slave-net-timeout=10",
                        "--character-set-server=utf8mb4",
                        "--performance-schema=0",
                        "--max-connections=100",
                        "--open-files-limit=4096",
                        "--table-open-cache=200",
                        "--key-buffer-size=1M",
                        "--aria-pagecache-buffer-size=4M"));
        command.addAll(extraOptions);
        return List.copyOf(command);
    }

    List<String> bootstrapCommand() {
        List<String> command = new ArrayList<>(baseCommand());
        command.add("--bootstrap");
        command.add("--open-files-limit=4096");
        command.add("--table-open-cache=200");
        // how files are laid out is settled when they are made
        extraOptions.stream()
                .filter(option -> option.startsWith("--innodb-"))
                .forEach(command::add);
        return List.copyOf(command);
    }

    private List<String> baseCommand() {
        List<String> command = new ArrayList<>();
        command.add(binaries.mariadbd().toString());
        command.add("--no-defaults");
        if (System.getProperty("user.name", "").equals("root")) {
            command.add("--user=root");
        }
        command.addAll(
                List.of(
                        "--basedir=" + binaries.folder(),
                        "--datadir=" + dataDir,
                        // never shared: a starting server deletes all temporary tables in it
                        "--tmpdir=" + runDir,
                        "--lc-messages-dir=" + binaries.share(),
                        "--character-sets-dir=" + binaries.share().resolve("charsets"),
                        "--innodb-log-file-size=16M",
                        "--innodb-buffer-pool-size=32M",
                        "--innodb-data-file-path=ibdata1:4M:autoextend",
                        "--innodb-temp-data-file-path=ibtmp1:4M:autoextend",
                        "--innodb-undo-tablespaces=0"));
        return command;
    }
}
