package io.backstay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.MariaDbGtidState;
import io.backstay.doors.Disk;
import io.backstay.doors.ProcessIdentity;
import io.backstay.lab.Accounts;
import io.backstay.lab.LabServer;
import io.backstay.lab.Replication;
import io.backstay.mysql.ServerAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A stopped member of a cluster of three may go only while the two others hold all of it.
class CoveredDropIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private final LabServer[] servers = new LabServer[4];
    private GuardLab lab;
    private Path passwordFile;

    @BeforeEach
    void cluster() throws Exception {
        lab = new GuardLab(2);
        passwordFile = lab.folder.resolve("password");
        Disk.writeAtomically(passwordFile, lab.accounts.rootPassword() + "\n");
        for (int host = 1; host <= 3; host++) {
            servers[host] = lab.started(host);
        }
        run(1, "CREATE DATABASE shop");
        run(1, "CREATE TABLE shop.`b-2` (id INT PRIMARY KEY)");
        run(1, "INSERT INTO shop.`b-2` VALUES (1)");
        for (int host = 2; host <= 3; host++) {
            follow(host);
        }
        caughtUp(2);
        caughtUp(3);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void follow(int host) throws Exception {
        try (Connection replica = servers[host].connect()) {
            Replication.follow(replica, servers[1].settings());
        }
    }

    private void caughtUp(int host) throws Exception {
        try (Connection source = servers[1].connect();
                Connection replica = servers[host].connect()) {
            Replication.awaitApplied(replica, Replication.binlogPosition(source), SOON);
        }
    }

    private void run(int host, String sql) throws Exception {
        try (Connection connection = servers[host].connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private MariaDbGtidState state(int host) throws Exception {
        try (Connection connection = servers[host].connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@gtid_binlog_state")) {
            row.next();
            return MariaDbGtidState.parse(row.getString(1));
        }
    }

    /// Fences and stops a member; what was noted is the end of its log.
    private MariaDbGtidState stop(int host) throws Exception {
        run(host, "STOP SLAVE"); // its relay logs stay, as after any stop
        run(host, "SET GLOBAL read_only = 1");
        MariaDbGtidState end = state(host);
        servers[host].stop(Duration.ofSeconds(30));
        return end;
    }

    private GuardRequest drop(int host, MariaDbGtidState end) {
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
        return new GuardRequest(
                "drop-set-aside",
                Target.parse("path:" + lab.data(host)),
                lab.view(host).withCover("shop", peers, 2, Set.of("drop-set-aside")),
                Optional.of(end));
    }

    private static GuardAnswer check(GuardRequest request) {
        return Guard.ofThisHost().check(request);
    }

    private static List<String> says(GuardAnswer answer, String probe) {
        return answer.reasons().stream().filter(r -> r.contains(probe)).toList();
    }

    @Test
    void stoppedReplicaThatTheOthersHoldIsDroppedUnderLocksAndLeases() throws Exception {
        GuardRequest request = drop(3, stop(3));
        var seen = new ArrayList<String>();

        GuardedAct.Outcome outcome =
                GuardedAct.run(
                        Guard.ofThisHost(),
                        request,
                        (IntentRecorder)
                                (answer, _, kind) ->
                                        seen.add(
                                                "intent %s %s".formatted(answer.isCleared(), kind)),
                        hold -> {
                            assertThat(lab.folder.resolve("host3/data")).doesNotExist();
                            assertThat(hold.path()).exists();
                            seen.add("lease " + leaseHolders());
                            Disk.deleteTree(hold.path());
                            return true;
                        });

        assertThat(outcome.answer().reasons()).isEmpty();
        assertThat(outcome).isInstanceOf(GuardedAct.Outcome.Done.class);
        assertThat(seen).containsExactly("intent true WINDOWED", "lease 2");
        assertThat(lab.folder.resolve("host3").toFile().list()).containsExactly("run");
        assertThat(leaseHolders()).isZero();
    }

    private int leaseHolders() throws Exception {
        int held = 0;
        for (int host = 1; host <= 2; host++) {
            try (Connection connection = servers[host].connect();
                    Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT IS_USED_LOCK('backstay/shop')")) {
                row.next();
                row.getLong(1);
                held += row.wasNull() ? 0 : 1;
            }
        }
        return held;
    }

    @Test
    void theSameFolderIsRefusedWithoutCover() throws Exception {
        stop(3);
        assertThat(LiveHostIT.refusing(lab.wipe(3))).isEqualTo(Set.of("live data-at-rest"));
    }

    @Test
    void transactionThatOnlyTheTargetHasRefuses() throws Exception {
        try (Connection connection = servers[3].connect()) {
            Replication.forget(connection);
        }
        run(3, "SET GLOBAL read_only = 0");
        run(3, "INSERT INTO shop.`b-2` VALUES (77)");
        GuardAnswer answer = check(drop(3, stop(3)));
        assertThat(LiveHostIT.refusing(answer)).isEqualTo(Set.of("live peers"));
        assertThat(says(answer, "peers").getFirst())
                .contains("host1 lacks transactions: it has 2-201-3, here are 2-201-3,2-203-4");
    }

    @Test
    void writeAfterTheFenceRefuses() throws Exception {
        MariaDbGtidState noted = state(3);
        run(1, "INSERT INTO shop.`b-2` VALUES (2)");
        caughtUp(3);
        stop(3);
        assertThat(says(check(drop(3, noted)), "covered-data").getFirst())
                .contains("the log ends at 2-201-4, but ended at 2-201-3 when it was fenced");
    }

    @Test
    void killedServerIsNotCovered() throws Exception {
        MariaDbGtidState end = state(3);
        servers[3].kill();
        assertThat(says(check(drop(3, end)), "covered-data").getFirst()).contains("was not closed");
    }

    @Test
    void frozenPeerIsAVeto() throws Exception {
        GuardRequest request = drop(3, stop(3));
        ProcessIdentity peer = servers[2].identity();
        peer.signal(ProcessIdentity.Signal.STOP);
        try {
            assertThat(LiveHostIT.refusing(check(request))).isEqualTo(Set.of("blind peers"));
        } finally {
            peer.signal(ProcessIdentity.Signal.CONTINUE);
        }
    }

    @Test
    void peerWithAFilterOrWithoutATableOrStrictModeRefuses() throws Exception {
        GuardRequest request = drop(3, stop(3));
        run(2, "STOP SLAVE");
        run(2, "SET GLOBAL replicate_ignore_table = 'shop.x'");
        run(2, "START SLAVE");
        run(2, "SET GLOBAL gtid_strict_mode = 0");
        run(2, "SET SESSION sql_log_bin = 0");
        try (Connection connection = servers[2].connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION sql_log_bin = 0");
            statement.execute("DROP TABLE shop.`b-2`");
        }
        assertThat(says(check(request), "peers").getFirst())
                .contains("host2: replicate_ignore_table is set")
                .contains("host2: gtid_strict_mode is off")
                .contains("host2 lacks tables: [shop.b-2]");
    }

    @Test
    void replicaThatHasStoppedApplyingRefuses() throws Exception {
        GuardRequest request = drop(3, stop(3));
        run(2, "STOP SLAVE SQL_THREAD");
        run(1, "INSERT INTO shop.`b-2` VALUES (3)");
        assertThat(says(check(request), "peers").getFirst())
                .contains("host2: Slave_SQL_Running is No")
                .contains("host2 lags behind its source");
    }

    @Test
    void fileThatIsNotTheServersOwnRefuses() throws Exception {
        MariaDbGtidState end = stop(3);
        Files.writeString(lab.data(3).resolve("precious.txt"), "x");
        assertThat(LiveHostIT.refusing(check(drop(3, end)))).isEqualTo(Set.of("live covered-data"));
    }

    @Test
    void ofTwoMembersAskedAtOnceAtMostOneGoes() throws Exception {
        MariaDbGtidState end3 = stop(3);
        MariaDbGtidState end2 = stop(2);
        // each is asked about with the other restarted, so that each counts the other as survivor
        servers[2].start();
        servers[3].start();
        run(2, "SET GLOBAL read_only = 1");
        run(3, "SET GLOBAL read_only = 1");
        follow(2);
        follow(3);
        Path aside2 = setAside(2, end2);
        Path aside3 = setAside(3, end3);
        for (int round = 0; round < 5; round++) {
            var both = new CountDownLatch(2);
            var first = CompletableFuture.supplyAsync(() -> held(2, aside2, end2, both));
            var second = CompletableFuture.supplyAsync(() -> held(3, aside3, end3, both));
            assertThat(first.join() + second.join()).isLessThanOrEqualTo(1);
        }
        assertThat(held(2, aside2, end2, new CountDownLatch(1))).isEqualTo(1);
    }

    /// A copy of a member's stopped data beside it: what an upgrade leaves to be dropped last.
    private Path setAside(int host, MariaDbGtidState end) throws Exception {
        servers[host].stop(Duration.ofSeconds(30));
        Path aside = lab.folder.resolve("host" + host).resolve("data.old");
        Process copy =
                new ProcessBuilder("cp", "-a", lab.data(host).toString(), aside.toString()).start();
        assertThat(copy.waitFor()).isZero();
        servers[host].start();
        follow(host);
        caughtUp(host);
        assertThat(state(host)).isEqualTo(end);
        return aside;
    }

    /// 1 if the guard held the folder, until the other had its answer too.
    private int held(int host, Path aside, MariaDbGtidState end, CountDownLatch both) {
        GuardRequest request = drop(host, end);
        request =
                new GuardRequest(
                        request.operation(),
                        Target.parse("path:" + aside),
                        request.view(),
                        request.fencedEnd());
        int[] held = {0};
        GuardedAct.run(
                Guard.ofThisHost(),
                request,
                (IntentRecorder) (_, _, _) -> {},
                _ -> {
                    held[0] = 1;
                    both.countDown();
                    return both.await(20, java.util.concurrent.TimeUnit.SECONDS);
                });
        if (held[0] == 0) {
            both.countDown();
        }
        return held[0];
    }
}
