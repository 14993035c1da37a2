package io.backstay.node.host;

import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;

/// Starts, stops and reaches the one database server of a host.
public interface ServerControl {

    /// Makes a fresh, empty data directory of this server version, with the fleet's accounts.
    void initialise(String version);

    /// Starts the server on the data directory and returns when it answers; nothing happens if it
    /// runs already.
    ///
    /// Errors: a server older than the one that last opened the data directory is never started.
    void start(String version);

    /// Stops the server cleanly and returns when its process has ended; nothing happens if none
    /// runs.
    void stop();

    boolean isRunning();

    /// Version that last opened a data directory; empty text if there is no such directory.
    String versionOf(Path dataDir);

    /// A session of the host's own administrator.
    Server connect();

    /// How the host's own administrator logs in.
    ServerAddress address();
}
