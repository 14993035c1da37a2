package io.backstay.node.operation;

import io.backstay.mysql.Identifier;
import io.backstay.mysql.Server;
import io.backstay.node.host.DatabaseHost;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What this host says of itself; changes nothing.
public final class LookFacts implements Operation {

    @Override
    public Set<String> parameters() {
        return Set.of();
    }

    @Override
    public Map<String, String> run(DatabaseHost host, Map<String, String> arguments)
            throws Exception {
        var facts = new TreeMap<String, String>();
        facts.put("running", Boolean.toString(host.server().isRunning()));
        facts.put("versionOfData", host.server().versionOf(host.folders().data()));
        facts.put("aside", Boolean.toString(Files.exists(host.folders().aside())));
        facts.put("outOfService", Boolean.toString(ServiceMark.isSet(host)));
        if (host.server().isRunning()) {
            try (Server session = host.server().connect()) {
                facts.put("version", session.requireValue("SELECT @@version"));
                // a lease of somebody's guard on this member: 0 for none
                facts.put(
                        "lease",
                        session.requireValue(
                                "SELECT COALESCE(IS_USED_LOCK("
                                        + Identifier.text("backstay/" + host.cluster())
                                        + "), 0)"));
                facts.put("readOnly", session.requireValue("SELECT @@read_only"));
                facts.put("gtidBinlogState", session.requireValue("SELECT @@gtid_binlog_state"));
                facts.put("gtidPosition", session.requireValue("SELECT @@gtid_current_pos"));
                Replication.source(session)
                        .ifPresentOrElse(
                                status -> {
                                    facts.put("role", "replica");
                                    facts.put("source", status.host() + ":" + status.port());
                                    facts.put(
                                            "replicationHealthy",
                                            Boolean.toString(status.isRunning()));
                                },
                                () -> facts.put("role", "source"));
            }
        }
        return facts;
    }
}
