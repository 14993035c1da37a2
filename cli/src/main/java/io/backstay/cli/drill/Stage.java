package io.backstay.cli.drill;

import io.backstay.cli.drill.fleet.EmbeddedCluster;
import io.backstay.cli.drill.fleet.EmbeddedFleet;
import io.backstay.cli.drill.fleet.EmbeddedHost;
import io.backstay.cli.drill.fleet.FleetShape;
import io.backstay.cli.report.ReportModel;
import io.backstay.doors.Disk;
import io.backstay.doors.Time;
import io.backstay.lab.RunFile;
import io.backstay.lab.ServerBinaries;
import io.backstay.lab.Traffic;
import io.backstay.lab.TrafficSettings;
import io.backstay.mysql.Server;
import io.backstay.node.agent.DatabaseOperations;
import io.backstay.node.operation.RunScript;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything the acts play with: the live fleet, its control plane, traffic, archives, and what
/// has been told so far.
final class Stage implements AutoCloseable {
    static final String OLD = "10.11.5";
    static final String NEW = "11.4.5";
    static final int LIVE_SUBNET = 77;
    static final int TWIN_SUBNET = 78;
    static final int SCRATCH_SUBNET = 79;

    /// A file that a reinstalled host holds and that may go unseen at its next reinstallation.
    static final Set<String> DISPOSABLE = Set.of("fresh-install");

    final DrillOptions options;
    final DrillFolders folders;
    final DrillRecord record;
    final ClaimBook claims;
    final Time time;
    final Secrets secrets;
    final KeyRing keys;
    final RunFile runFile;
    final EmbeddedFleet fleet;
    final ControlRoom room;
    final UserScripts scripts;
    final ArchiveDesk archives;
    private final Talk talk;
    private final Map<String, Traffic> traffic = new LinkedHashMap<>();
    private final List<ReportModel.Step> steps = new ArrayList<>();

    private Stage(
            DrillOptions options,
            DrillFolders folders,
            DrillRecord record,
            RunFile runFile,
            Talk talk,
            Time time) {
        this.options = options;
        this.folders = folders;
        this.record = record;
        this.claims = new ClaimBook(record.state().claims());
        this.talk = talk;
        this.time = time;
        this.runFile = runFile;
        this.secrets = Secrets.of(folders);
        this.keys = new KeyRing(folders.keys());
        ServerBinaries old = ServerBinaries.require(OLD, ServerBinaries.home());
        ServerBinaries.require(NEW, ServerBinaries.home());
        Path idle = folders.changes().resolve("reinstall-idle-hosts");
        this.scripts =
                new UserScripts(
                        idle,
                        ScriptClient.prepare(old, folders.root().resolve("client")),
                        folders.root().resolve("passwords").resolve("monitor.cnf"),
                        secrets.monitor());
        this.fleet =
                newFleet(
                        "",
                        LIVE_SUBNET,
                        options.clusters(),
                        DrillOptions.SPARES,
                        options.rows(),
                        "fleet");
        this.room =
                new ControlRoom(
                        folders,
                        keys,
                        new InetSocketAddress("127." + LIVE_SUBNET + ".0.1", options.port()),
                        time);
        this.archives = new ArchiveDesk(Secrets.file(folders, "repl"));
    }

    /// @param runFile open, with nothing running but what a resumed drill goes on with
    static Stage open(
            DrillOptions options,
            DrillFolders folders,
            DrillRecord record,
            RunFile runFile,
            Talk talk,
            Time time) {
        Disk.folder(folders.root());
        return new Stage(options, folders, record, runFile, talk, time);
    }

    EmbeddedFleet newFleet(
            String prefix, int subnet, int clusters, int spares, int rows, String folder) {
        var shape =
                new FleetShape(
                        prefix,
                        subnet,
                        options.port(),
                        clusters,
                        spares,
                        rows,
                        options.seed(),
                        OLD,
                        Disk.folder(folders.root().resolve(folder)));
        return new EmbeddedFleet(
                shape,
                Disk.folder(folders.agents()),
                Disk.folder(folders.archives()),
                secrets.accounts(),
                runFile,
                this::makeAccounts);
    }

    private void makeAccounts(Server session) {
        session.execute(
                "CREATE USER %s@'127.%%' IDENTIFIED BY '%s'"
                        .formatted(Secrets.WITNESS, secrets.witness()));
        session.execute(
                "GRANT SELECT, PROCESS, BINLOG MONITOR, SLAVE MONITOR ON *.* TO %s@'127.%%'"
                        .formatted(Secrets.WITNESS));
        session.execute(
                "CREATE USER %s@'127.%%' IDENTIFIED BY '%s'"
                        .formatted(Secrets.MONITOR, secrets.monitor()));
    }

    /// Starts the agents of a fleet's hosts.
    ///
    /// @param approvalsMin 0 on a twin
    void startAgents(EmbeddedFleet of, int approvalsMin) {
        var witness =
                new DatabaseOperations.Witness(Secrets.WITNESS, Secrets.file(folders, "witness"));
        of.hosts()
                .forEach(
                        host ->
                                room.startAgent(
                                        host.database(),
                                        new RunScript(_ -> scripts.callsIdle(host)),
                                        (_, held, _) -> scripts.reinstall(held),
                                        witness,
                                        DISPOSABLE,
                                        approvalsMin));
    }

    /// Starts traffic on every cluster of the live fleet, or goes on with it.
    void startTraffic() {
        for (EmbeddedCluster cluster : fleet.clusters()) {
            traffic.computeIfAbsent(
                    cluster.name(),
                    name ->
                            Traffic.start(
                                    TrafficSettings.of(
                                            cluster.address(),
                                            options.port(),
                                            secrets.accounts(),
                                            Disk.folder(folders.traffic().resolve(name)),
                                            options.seed())));
        }
    }

    Traffic traffic(String cluster) {
        Traffic of = traffic.get(cluster);
        if (of == null) {
            throw new IllegalStateException("no traffic on " + cluster);
        }
        return of;
    }

    Map<String, Traffic> allTraffic() {
        return Map.copyOf(traffic);
    }

    /// The source of a cluster, as its own servers say: the one member that takes writes and
    /// follows nobody.
    EmbeddedHost source(EmbeddedFleet of, String cluster) {
        List<EmbeddedHost> sources =
                of.cluster(cluster).members().stream()
                        .filter(member -> member.server().isRunning())
                        .filter(member -> !isOutOfService(member))
                        .filter(Stage::isSource)
                        .toList();
        if (sources.size() != 1) {
            throw new IllegalStateException(
                    "cluster %s has %d sources: %s"
                            .formatted(
                                    cluster,
                                    sources.size(),
                                    sources.stream().map(EmbeddedHost::name).toList()));
        }
        return sources.getFirst();
    }

    /// Whether its agent took it out of service: a server that was just laid down may not be closed
    /// to writers yet.
    static boolean isOutOfService(EmbeddedHost member) {
        return Files.exists(member.database().stateFolder().resolve("out-of-service"));
    }

    private static boolean isSource(EmbeddedHost member) {
        try (Server session = member.server().connect()) {
            return session.requireValue("SELECT @@read_only").equals("0")
                    && session.rows("SHOW REPLICA STATUS").isEmpty();
        }
    }

    /// Whether a cluster has a source now: a switchover that was cut short leaves none.
    boolean hasSource(EmbeddedCluster cluster) {
        return cluster.members().stream()
                .filter(member -> member.server().isRunning())
                .filter(member -> !isOutOfService(member))
                .anyMatch(Stage::isSource);
    }

    /// Something an act does, told while it is done and kept for the report.
    interface Work {
        /// @return what came out of it, one line; empty for nothing to say
        String run() throws Exception;
    }

    void step(String name, Work work) throws Exception {
        talk.step(name);
        Instant begun = time.now();
        long clock = System.nanoTime();
        boolean succeeded = false;
        String says = "";
        try {
            says = work.run();
            succeeded = true;
        } finally {
            steps.add(
                    new ReportModel.Step(
                            name,
                            begun,
                            Duration.ofNanos(System.nanoTime() - clock),
                            succeeded
                                    ? io.backstay.cli.report.Outcome.PASSED
                                    : io.backstay.cli.report.Outcome.FAILED,
                            says));
        }
        if (!says.isEmpty()) {
            talk.found(says);
        }
    }

    /// A change's id by its digest; empty for none.
    String changeName(@Nullable String digest) {
        return digest == null
                ? ""
                : record.findNote("change." + digest)
                        .orElse(digest.substring(0, Math.min(12, digest.length())));
    }

    Talk talk() {
        return talk;
    }

    /// The steps told since the last call.
    List<ReportModel.Step> takeSteps() {
        List<ReportModel.Step> taken = List.copyOf(steps);
        steps.clear();
        return taken;
    }

    /// Ends traffic and streams, so that their records are whole; the servers go on.
    void quieten() {
        traffic.values().forEach(Traffic::close);
        traffic.clear();
        archives.close();
    }

    @Override
    public void close() {
        try (room;
                fleet) {
            quieten();
        }
    }
}
