package io.backstay.node.operation;

import io.backstay.doors.Disk;
import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.restore.Restore;
import io.backstay.recovery.restore.RestoreRequest;
import io.backstay.recovery.restore.RestoreResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// Fills this host's fresh server from its cluster's archive, and proves what was loaded.
public final class RestoreData implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of();
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        Path note = host.stateFolder().resolve("restored");
        if (Files.exists(note) && isStillThere(host, Disk.readText(note))) {
            return Map.of("gtid", Disk.readText(note));
        }
        Path begun = host.stateFolder().resolve("restoring");
        if (Files.exists(begun) && host.folders().isMarkedNew()) {
            layDownAnew(host);
        }
        Disk.writeAtomically(begun, "");
        RestoreResult result =
                Restore.run(
                        RestoreRequest.of(host.archive(), host.server().address()),
                        RecoveryListener.silent());
        if (!result.isProven()) {
            throw new IllegalStateException("restored, but not proven: " + result.unproven());
        }
        try (Server session = host.server().connect()) {
            session.execute("SET GLOBAL read_only=1");
        }
        Disk.writeAtomically(note, result.gtid());
        Files.delete(begun);
        return Map.of(
                "rows", Long.toString(result.rows()),
                "rowEvents", Long.toString(result.rowEvents()),
                "gtid", result.gtid(),
                "millis", Long.toString(result.took().toMillis()));
    }

    /// A restore goes into an empty server; one that was cut short has filled this one in part.
    private static void layDownAnew(DatabaseHost host) throws Exception {
        String version = host.server().versionOf(host.folders().data());
        host.server().stop();
        host.folders().markNew();
        host.server().initialise(version);
        host.folders().markInitialised();
        host.server().start(version);
        host.folders().markServed();
        try (Server session = host.server().connect()) {
            session.execute("SET GLOBAL read_only=1");
        }
    }

    /// Whether the restore that the note tells of was into the very server that runs now.
    private static boolean isStillThere(DatabaseHost host, String gtid) {
        if (gtid.isEmpty() || !host.folders().isMarkedNew()) {
            return false;
        }
        try (Server session = host.server().connect()) {
            return session.requireValue("SELECT @@gtid_slave_pos").equals(gtid);
        }
    }
}
