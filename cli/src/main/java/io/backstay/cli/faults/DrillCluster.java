package io.backstay.cli.faults;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.cli.faults.FaultDrill.WrongAnswerException;
import io.backstay.doors.Disk;
import io.backstay.guard.Finding;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardAnswer;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.HostView;
import io.backstay.guard.Target;
import io.backstay.guard.Verdict;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.Replication;
import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// A source, a replica that survives, and a replica whose stopped data is to go because each of the
/// two others holds all of it. Gone with its drill.
final class DrillCluster {
    private static final String OPERATION = "drop-set-aside";
    private static final Duration SOON = Duration.ofSeconds(30);

    private final DrillGround ground;
    private final LabServer source;
    private final LabServer survivor;
    private final LabServer target;
    private Optional<Connection> lock = Optional.empty();
    private Optional<MariaDbGtidState> end = Optional.empty();

    private DrillCluster(DrillGround ground) {
        this.ground = ground;
        this.source = ground.servers().fresh(11);
        this.survivor = ground.servers().fresh(12);
        this.target = ground.servers().fresh(13);
    }

    /// A new one, which is the ground's. First it shows that the guard clears the target's stopped
    /// data as long as nothing is wrong: only then a refusal says something.
    static DrillCluster of(DrillGround ground) throws Exception {
        ground.servers().discard();
        ground.later(ground.servers()::discard);
        var cluster = new DrillCluster(ground);
        ground.cluster(cluster);
        cluster.run(cluster.source, "CREATE DATABASE shop");
        cluster.run(cluster.source, "CREATE TABLE shop.orders (id INT PRIMARY KEY)");
        cluster.run(cluster.source, "INSERT INTO shop.orders VALUES (1), (2), (3)");
        cluster.follow(cluster.survivor);
        cluster.follow(cluster.target);
        cluster.stopTarget();
        GuardAnswer answer = cluster.ask();
        if (!answer.isCleared()) {
            throw new WrongAnswerException(
                    "a copy that two others hold is refused, so a refusal means nothing: "
                            + answer.reasons());
        }
        cluster.target.start();
        cluster.run(cluster.target, "SET GLOBAL read_only = 0");
        cluster.follow(cluster.target);
        ground.target(cluster.target.settings().dataDir());
        ground.givenServer(cluster.target);
        ground.given("SOURCE_SOCKET", cluster.source.settings().socket());
        ground.given("SURVIVOR_SOCKET", cluster.survivor.settings().socket());
        return cluster;
    }

    LabServer source() {
        return source;
    }

    LabServer survivor() {
        return survivor;
    }

    LabServer target() {
        return target;
    }

    void run(LabServer server, String sql) {
        ground.servers().run(server, sql);
    }

    private void follow(LabServer replica) throws SQLException {
        try (Connection session = replica.connect()) {
            Replication.follow(session, source.settings());
            Replication.awaitRunning(session, SOON);
        }
        caughtUp(replica);
    }

    void caughtUp(LabServer replica) throws SQLException {
        try (Connection from = source.connect();
                Connection to = replica.connect()) {
            Replication.awaitApplied(to, Replication.binlogPosition(from), SOON);
        }
    }

    /// The replica is a second behind or more, until [#endLag].
    void makeLag(LabServer replica) throws SQLException {
        Connection session = replica.connect();
        ground.later(session);
        try (Statement statement = session.createStatement()) {
            statement.execute("LOCK TABLES shop.orders READ");
        }
        lock = Optional.of(session);
        run(source, "INSERT INTO shop.orders VALUES (1000)");
        awaitStatus(
                replica,
                "Seconds_Behind_Master",
                value -> value != null && Long.parseLong(value) > 0);
    }

    void endLag() throws SQLException {
        try (Statement statement = lock.orElseThrow().createStatement()) {
            statement.execute("UNLOCK TABLES");
        }
    }

    void awaitStatus(LabServer replica, String column, Predicate<String> isRight)
            throws SQLException {
        long until = System.nanoTime() + SOON.toNanos();
        try (Connection session = replica.connect();
                Statement statement = session.createStatement()) {
            while (true) {
                try (ResultSet row = statement.executeQuery("SHOW ALL SLAVES STATUS")) {
                    if (row.next() && isRight.test(row.getString(column))) {
                        return;
                    }
                }
                if (System.nanoTime() > until) {
                    throw new IllegalStateException(
                            column + " is not what it was to be after " + SOON.toSeconds() + " s");
                }
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// Fences and stops the target; the end of its log is noted.
    void stopTarget() throws SQLException {
        run(target, "STOP SLAVE");
        run(target, "SET GLOBAL read_only = 1");
        try (Connection session = target.connect();
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@gtid_binlog_state")) {
            row.next();
            end = Optional.of(MariaDbGtidState.parse(row.getString(1)));
        }
        target.stop(SOON);
    }

    /// May the target's stopped data go, as two others hold it?
    private GuardAnswer ask() {
        Path password = ground.work("password");
        Disk.writeAtomically(password, ground.servers().accounts().rootPassword() + "\n");
        HostView view =
                HostView.unconfigured(ground.state())
                        .withCover(
                                "shop",
                                List.of(
                                        peer("source", source, password),
                                        peer("survivor", survivor, password)),
                                2,
                                Set.of(OPERATION));
        return Guard.ofThisHost()
                .check(
                        new GuardRequest(
                                OPERATION,
                                Target.parse("path:" + target.settings().dataDir()),
                                view,
                                end));
    }

    private static HostView.Peer peer(String name, LabServer server, Path password) {
        return new HostView.Peer(
                name,
                new ServerAddress(
                        Accounts.ROOT,
                        server.settings().address(),
                        server.settings().port(),
                        Optional.empty(),
                        Optional.of(password)));
    }

    /// The same question, refused for this reason and no other.
    String requireRefused(String finding) {
        GuardAnswer answer = ask();
        List<String> found =
                switch (answer.verdict()) {
                    case Verdict.Cleared _ -> List.of();
                    case Verdict.Refused(List<Finding> reasons) ->
                            reasons.stream().map(DrillCluster::name).toList();
                };
        if (!found.equals(List.of(finding))) {
            throw new WrongAnswerException("expected " + finding + ", found " + answer.reasons());
        }
        return "cleared without the fault; refused: " + answer.reasons().getFirst().strip();
    }

    private static String name(Finding reason) {
        return reason.getClass().getSimpleName().toLowerCase(Locale.ROOT) + " " + reason.probe();
    }
}
