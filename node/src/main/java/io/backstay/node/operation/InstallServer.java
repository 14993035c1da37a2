package io.backstay.node.operation;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.host.HostFolders;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;

/// Lays down a fresh, empty data directory of the new version, and starts it closed to writers.
public final class InstallServer implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of("version");
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        String version = Arguments.require(arguments, "version");
        HostFolders folders = host.folders();
        if (Files.exists(folders.data()) && !folders.isMarkedNew()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "cannot install %s: %s is there and was not made by this change"
                            .formatted(version, folders.data()),
                    "`data.set-aside` comes before `mysql.install`.");
        }
        if (!Files.exists(folders.data()) || !folders.isInitialised()) {
            // what an agent that was killed here left half done is laid down anew
            host.server().stop();
            folders.markNew();
            host.server().initialise(version);
            folders.markInitialised();
        }
        host.server().start(version);
        folders.markServed();
        try (Server session = host.server().connect()) {
            session.execute("SET GLOBAL read_only=1");
            return Map.of("version", session.requireValue("SELECT @@version"));
        }
    }
}
