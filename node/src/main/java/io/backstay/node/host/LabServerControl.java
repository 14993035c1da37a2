package io.backstay.node.host;

import io.backstay.doors.Disk;
import io.backstay.lab.LabServer;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.ServerSettings;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The server of a host of the embedded fleet: a process of this machine on a loopback address.
///
/// Threads: safe for use by several; one does something, the others wait.
public final class LabServerControl implements ServerControl {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(60);

    private final ServerSettings settings;
    private final RunFile runFile;
    private Optional<LabServer> server;

    /// Takes over the server that runs on the data directory, if one does.
    public LabServerControl(ServerSettings settings, RunFile runFile) {
        this.settings = settings;
        this.runFile = runFile;
        this.server = LabServer.adopt(settings, runFile);
    }

    public ServerSettings settings() {
        return settings;
    }

    @Override
    public synchronized void initialise(String version) {
        // what a killed initialisation left is not a data directory yet
        Disk.deleteTree(settings.dataDir());
        new LabServer(of(version), runFile).initialise();
    }

    @Override
    public synchronized void start(String version) {
        if (!isRunning()) {
            server = Optional.of(new LabServer(of(version), runFile).start());
        }
    }

    @Override
    public synchronized void stop() {
        if (isRunning()) {
            server.orElseThrow().stop(STOP_DEADLINE);
        }
        server = Optional.empty();
    }

    /// As a crash of the machine: SIGKILL.
    public synchronized void kill() {
        if (isRunning()) {
            server.orElseThrow().kill();
        }
        server = Optional.empty();
    }

    @Override
    public synchronized boolean isRunning() {
        return server.filter(LabServer::isRunning).isPresent();
    }

    @Override
    public String versionOf(Path dataDir) {
        return LabServer.versionOfDataDir(dataDir).map(Object::toString).orElse("");
    }

    @Override
    public Server connect() {
        return Server.connect(address());
    }

    @Override
    public ServerAddress address() {
        return ServerAddress.socket("root", settings.socket());
    }

    private ServerSettings of(String version) {
        return settings.withBinaries(ServerBinaries.require(version, ServerBinaries.home()));
    }
}
