package io.backstay.recovery.physical;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;

/// A server that runs on a copy of a physical copy, and holds what that stands for.
public final class OpenedCopy implements AutoCloseable {
    /// How InnoDB says that the files were not those of a server that was stopped.
    private static final String RECOVERY = "Starting crash recovery";

    private final CopyServers.Running running;

    private OpenedCopy(CopyServers.Running running) {
        this.running = running;
    }

    /// Errors: a cold copy of a server that was not stopped cleanly; a prepared XA transaction,
    /// whose rows are neither in it nor not.
    ///
    /// @param dataDirectory the copied files; prepared here if need be
    public static OpenedCopy open(PhysicalCopy copy, Path dataDirectory, CopyServers servers) {
        if (!copy.isPrepared()) {
            Preparing.run(dataDirectory, copy.version());
        }
        CopyServers.Running running = servers.start(dataDirectory, copy.version(), copy.options());
        try {
            if (copy.isCold() && running.log().contains(RECOVERY)) {
                throw new Problem(
                        ErrorCode.REFUSED,
                        "--base %s is not of a server that was stopped cleanly: InnoDB had to recover it"
                                .formatted(copy.folder()),
                        "stop that server (`mariadb-admin shutdown`), then copy its data directory; or take `backstay"
                                + " backup --server URL` while it runs.");
            }
            requireNonePrepared(copy, running.address());
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
        return new OpenedCopy(running);
    }

    private static void requireNonePrepared(PhysicalCopy copy, ServerAddress address) {
        try (Server server = Server.connect(address)) {
            for (var row : server.rows("XA RECOVER")) {
                throw PhysicalCopy.refused(
                        copy.folder(),
                        "holds a prepared XA transaction (%s)"
                                .formatted(row.find("data").orElse("?")),
                        "take it anew when that transaction is committed or rolled back.");
            }
        }
    }

    public ServerAddress address() {
        return running.address();
    }

    @Override
    public void close() {
        running.close();
    }
}
