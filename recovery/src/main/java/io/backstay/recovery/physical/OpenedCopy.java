package io.backstay.recovery.physical;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server that runs on a copy of a physical copy, and holds what that stands for.
public final class OpenedCopy implements AutoCloseable {
    /// How InnoDB says that the files were not those of a server that was stopped.
    private static final String RECOVERY = "Starting crash recovery";

    private static final String IN_THE_FUTURE = "is in the future";
    private static final Pattern LSN = Pattern.compile("InnoDB: log sequence number (\\d+)");

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
            Preparing.run(dataDirectory, copy.version(), copy.options());
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
            if (!copy.isCold()) {
                requireAsItWasTaken(copy, dataDirectory, running.log());
            }
            if (running.log().contains(IN_THE_FUTURE)) {
                throw new Problem(
                        ErrorCode.REFUSED,
                        "--base %s is of more than one moment: pages are newer than its log"
                                .formatted(copy.folder()),
                        "a server ran on it while it was copied: stop it, and copy it again.");
            }
            requireNonePrepared(copy, running.address());
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
        return new OpenedCopy(running);
    }

    /// A server that ran on the backup wrote to it: then the place in the log that the tool wrote
    /// down is not that of the rows any more.
    private static void requireAsItWasTaken(PhysicalCopy copy, Path dataDirectory, String log) {
        long noted =
                ToolNotes.lastLsn(dataDirectory, ToolNotes.prefix(dataDirectory).orElseThrow());
        Matcher found = LSN.matcher(log);
        String there = found.find() ? found.group(1) : "not told";
        if (!there.equals(Long.toString(noted))) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "--base %s is not as mariadb-backup left it: expected the log sequence number %d, found %s"
                            .formatted(copy.folder(), noted, there),
                    "a server has run on it since: stop it and give a plain copy without the files xtrabackup_* and"
                            + " mariadb_backup_*; or give the backup itself.");
        }
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
