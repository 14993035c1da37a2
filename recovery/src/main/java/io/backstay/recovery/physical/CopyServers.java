package io.backstay.recovery.physical;

import io.backstay.mysql.ServerAddress;
import io.backstay.mysql.ServerVersion;
import java.nio.file.Path;
import java.util.List;

/// Starts servers on copied data directories; given by the wiring, as this module starts no server.
public interface CopyServers {

    /// An empty folder for copies, gone when all is done.
    Path folder();

    /// A server that answers on its socket only, writes no binary log, follows nobody and runs no
    /// events.
    ///
    /// Errors: no such server here, by name; a server that does not start, with the end of its log.
    ///
    /// @param version that the directory is of; the server is of the same series, and not older
    /// @param options for the server, such as where its files are
    Running start(Path dataDirectory, ServerVersion version, List<String> options);

    /// One server that runs.
    interface Running extends AutoCloseable {

        /// As an account that may do everything, made for this run and known to nobody else.
        ServerAddress address();

        /// What it has said since it was started.
        String log();

        /// Ends it by a clean shutdown. Errors: it had to be killed.
        void stop();

        /// Kills it if it still runs.
        @Override
        void close();
    }
}
