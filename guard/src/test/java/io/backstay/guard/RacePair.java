package io.backstay.guard;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.Commands;
import io.backstay.doors.Disk;
import io.backstay.guard.RaceWindows.Window;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.Replication;
import io.backstay.mysql.ServerAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// A cluster of three, and a stopped copy of two of its members: what an upgrade sets aside. Each
/// copy counts the other member as a survivor, so both may never be under way at once.
final class RacePair implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<Integer> MEMBERS = List.of(2, 3);

    private final GuardLab lab = new GuardLab(9);
    private final LabServer[] servers = new LabServer[4];
    private final Path passwordFile = lab.folder.resolve("password");
    private final MariaDbGtidState end;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile String harm = "";

    RacePair() throws SQLException {
        Disk.writeAtomically(passwordFile, lab.accounts.rootPassword() + "\n");
        for (int host = 1; host <= 3; host++) {
            servers[host] = lab.started(host);
        }
        try (Connection source = servers[1].connect();
                Statement statement = source.createStatement()) {
            statement.execute("CREATE DATABASE shop");
            statement.execute("CREATE TABLE shop.item (id INT PRIMARY KEY)");
            statement.execute("INSERT INTO shop.item VALUES (1)");
        }
        for (int host : MEMBERS) {
            try (Connection replica = servers[host].connect();
                    Statement statement = replica.createStatement()) {
                Replication.follow(replica, servers[1].settings());
                awaitApplied(replica);
                statement.execute("SET GLOBAL read_only = 1");
            }
        }
        for (int host : MEMBERS) {
            servers[host].stop(SOON);
            copy(lab.data(host), stash(host));
            servers[host].start();
            try (Connection replica = servers[host].connect();
                    Statement statement = replica.createStatement()) {
                statement.execute("START SLAVE");
                awaitApplied(replica);
                statement.execute("SET GLOBAL read_only = 1");
            }
        }
        end = endOfLog(3);
    }

    private void awaitApplied(Connection replica) throws SQLException {
        try (Connection source = servers[1].connect()) {
            Replication.awaitApplied(replica, Replication.binlogPosition(source), SOON);
        }
    }

    private MariaDbGtidState endOfLog(int host) throws SQLException {
        try (Connection connection = servers[host].connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@gtid_binlog_state")) {
            row.next();
            return MariaDbGtidState.parse(row.getString(1));
        }
    }

    private Path stash(int host) {
        return lab.folder.resolve("host" + host).resolve("stash");
    }

    private Path aside(int host) {
        return lab.folder.resolve("host" + host).resolve("data.old");
    }

    private static void copy(Path from, Path to) {
        Commands.run(List.of("cp", "-a", from.toString(), to.toString()), null, SOON);
    }

    RaceTold round(long seed) {
        for (int host : MEMBERS) {
            if (Files.notExists(aside(host))) {
                copy(stash(host), aside(host));
            }
        }
        var random = new Random(seed);
        int first = MEMBERS.get(random.nextInt(2));
        int other = first == 2 ? 3 : 2;
        var windows = new RaceWindows(RaceWindows.aimOf(seed, RaceMove.PAIR), random);
        Window[] sent = {Window.AFTER};
        harm = "";
        var mover =
                windows.begin(
                        () -> {
                            sent[0] = windows.now();
                            GuardedAct.Outcome met = send(other, Optional.empty());
                            if (met instanceof GuardedAct.Outcome.Refused) {
                                throw new OtherRefusedException();
                            }
                        });
        GuardedAct.Outcome outcome = send(first, Optional.of(windows));
        windows.enter(Window.AFTER);
        String met = mover.join().met();
        return new RaceTold(
                seed, RaceMove.PAIR, sent[0], met, outcome.getClass().getSimpleName(), harm);
    }

    /// The guard's no to the one that was sent second.
    private static final class OtherRefusedException extends Exception {
        private static final long serialVersionUID = 1;
    }

    private GuardedAct.Outcome send(int host, Optional<RaceWindows> windows) {
        return GuardedAct.run(
                Guard.ofThisHost(),
                new GuardRequest(
                        "drop-set-aside",
                        Target.parse("path:" + aside(host)),
                        lab.view(host)
                                .withCover("shop", peersOf(host), 2, Set.of("drop-set-aside")),
                        Optional.of(end)),
                recorder(windows),
                hold -> {
                    if (underWay.incrementAndGet() > 1) {
                        harm = "both copies were under way at once";
                    }
                    windows.ifPresent(here -> here.pass(Window.ACT));
                    Disk.deleteTree(hold.path());
                    underWay.decrementAndGet();
                    return true;
                });
    }

    private List<HostView.Peer> peersOf(int host) {
        var peers = new ArrayList<HostView.Peer>();
        for (int peer = 1; peer <= 3; peer++) {
            if (peer != host) {
                peers.add(
                        new HostView.Peer(
                                "host" + peer,
                                new ServerAddress(
                                        Accounts.ROOT,
                                        lab.address(peer),
                                        3306,
                                        Optional.empty(),
                                        Optional.of(passwordFile))));
            }
        }
        return peers;
    }

    private static GuardedAct.Recorder recorder(Optional<RaceWindows> windows) {
        return new GuardedAct.Recorder() {
            @Override
            public void holding(Path held) {
                windows.ifPresent(
                        here -> {
                            here.pass(Window.BEFORE_HOLDING);
                            here.enter(Window.SECOND_LOOK);
                        });
            }

            @Override
            public void intent(GuardAnswer answer, Path held, Interlock.Kind kind) {
                windows.ifPresent(here -> here.pass(Window.BEFORE_ACT));
            }
        };
    }

    @Override
    public void close() {
        lab.close();
    }
}
