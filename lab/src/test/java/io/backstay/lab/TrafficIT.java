package io.backstay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrafficIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Lab lab = new Lab(7);

    @AfterEach
    void sweep() {
        lab.close();
    }

    @Test
    void everyAcknowledgedWriteIsThereAndMeetsNoErrorInPeace() throws Exception {
        LabServer server = loaded(1);
        Path folder = lab.folder.resolve("records");
        try (Traffic traffic = Traffic.start(settings("127.31.7.1", folder, 200))) {
            traffic.awaitCommits(300, SOON);
            traffic.stop();

            assertThat(traffic.errors()).isEmpty();
            assertThat(traffic.unknown()).isEmpty();
            assertThat(journal(server)).isEqualTo(ids(traffic.acknowledged()));
            assertThat(CommitRecords.readAcknowledged(folder)).isEqualTo(traffic.acknowledged());
            assertThat(traffic.acknowledged())
                    .extracting(AcknowledgedCommit::gtid)
                    .doesNotHaveDuplicates()
                    .allMatch(gtid -> gtid.matches("0-701-[0-9]+"));
        }
        try (Connection root = server.connect()) {
            for (String table : List.of("orders", "order_line", "device")) {
                assertThat(Sql.number(root, "select count(*) from shop." + table))
                        .as(table)
                        .isPositive();
            }
        }
    }

    @Test
    void whileSourceIsKilledAndRestartedNoAcknowledgedWriteIsLostAndNoneInvented()
            throws Exception {
        LabServer server = loaded(1);
        try (SwitchableAddress address = SwitchableAddress.open("127.31.7.10", 3306);
                Traffic traffic =
                        Traffic.start(
                                settings("127.31.7.10", lab.folder.resolve("records"), 400))) {
            address.pointTo("127.31.7.1", 3306);
            traffic.awaitCommits(100, SOON);
            Instant killed = Instant.now();
            server.kill();
            assertThat(Await.until(SOON, Duration.ofMillis(5), () -> !traffic.errors().isEmpty()))
                    .isTrue();
            server.start();
            traffic.awaitCommits(100, SOON);
            traffic.stop();

            assertThat(traffic.stallSince(killed)).isGreaterThan(Duration.ofMillis(50));
            assertThat(traffic.throughput(Duration.ofMillis(100)))
                    .extracting(Throughput.Stretch::commits)
                    .contains(0);
            Set<Long> there = journal(server);
            assertThat(there).containsAll(ids(traffic.acknowledged()));
            there.removeAll(ids(traffic.acknowledged()));
            assertThat(traffic.unknown()).containsAll(there);
        }
    }

    @Test
    void trafficFollowsTheSourceThroughASwitch() throws Exception {
        LabServer first = loaded(1);
        LabServer second = lab.started(Lab.NEW, 2);
        try (SwitchableAddress address = SwitchableAddress.open("127.31.7.10", 3306);
                Connection onFirst = first.connect();
                Connection onSecond = second.connect();
                Traffic traffic =
                        Traffic.start(
                                settings("127.31.7.10", lab.folder.resolve("records"), 200))) {
            Replication.follow(onSecond, first.settings());
            address.pointTo("127.31.7.1", 3306);
            traffic.awaitCommits(50, SOON);

            Instant cut = Instant.now();
            address.cut();
            try (Statement statement = onFirst.createStatement()) {
                statement.execute("set global read_only = 1");
            }
            Replication.awaitApplied(onSecond, Replication.binlogPosition(onFirst), SOON);
            Replication.forget(onSecond);
            address.pointTo("127.31.7.2", 3306);
            traffic.awaitCommits(50, SOON);
            traffic.stop();

            System.out.println("stall of a switch: " + traffic.stallSince(cut).toMillis() + " ms");
            assertThat(journal(second)).containsAll(ids(traffic.acknowledged()));
            assertThat(traffic.acknowledged().getLast().gtid()).contains("-702-");
        }
    }

    @Test
    void pausedTrafficWritesNothingAndGoesOnInTheSameFolderAfterARestart() throws Exception {
        LabServer server = loaded(1);
        TrafficSettings settings = settings("127.31.7.1", lab.folder.resolve("records"), 200);
        try (Traffic traffic = Traffic.start(settings)) {
            traffic.awaitCommits(20, SOON);
            traffic.pause();
            try (Connection root = server.connect()) {
                String position = Replication.binlogPosition(root);
                assertThat(journal(server)).isEqualTo(ids(traffic.acknowledged()));
                assertThat(Replication.binlogPosition(root)).isEqualTo(position);
            }
            traffic.resume();
            traffic.awaitCommits(20, SOON);
        }
        try (Traffic traffic = Traffic.start(settings)) {
            traffic.awaitCommits(20, SOON);
            traffic.stop();
            assertThat(traffic.acknowledgedCount()).isGreaterThanOrEqualTo(60);
            assertThat(journal(server)).isEqualTo(ids(traffic.acknowledged()));
        }
    }

    @Test
    void aBurstWritesAtLeastTheRowEventsItSaysBesideTraffic() throws Exception {
        LabServer server = loaded(1);
        try (Traffic traffic =
                Traffic.start(settings("127.31.7.1", lab.folder.resolve("records"), 50))) {
            Burst.Counts counts =
                    new Burst(30_000, 3, 4, 1).run(() -> server.connectAs(Accounts.APP));
            Burst.Counts again =
                    new Burst(3_000, 2, 1, 1).run(() -> server.connectAs(Accounts.APP));
            traffic.awaitCommits(10, SOON);
            System.out.println("burst: " + counts);

            assertThat(counts.rowEvents()).isGreaterThanOrEqualTo(30_000);
            assertThat(counts.rowEvents()).isEqualTo(counts.transactions() * 4);
            assertThat(counts.inserts()).isEqualTo(counts.transactions());
            assertThat(counts.deletes()).isEqualTo(counts.transactions() - 300);
            assertThat(again.rowEvents()).isEqualTo(again.transactions() * 4);
            assertThat(traffic.errors()).isEmpty();
        }
    }

    @Test
    void theAddressIsNoBottleneck() throws Exception {
        LabServer server = loaded(1);
        try (SwitchableAddress address = SwitchableAddress.open("127.31.7.10", 3306)) {
            address.pointTo("127.31.7.1", 3306);
            double direct = roundTripsPerSecond("127.31.7.1");
            double through = roundTripsPerSecond("127.31.7.10");
            System.out.printf("round trips/s: direct %.0f, through %.0f%n", direct, through);

            assertThat(through).isGreaterThan(direct / 20);
        }
        assertThat(server.isRunning()).isTrue();
    }

    private double roundTripsPerSecond(String address) throws SQLException {
        try (Connection connection =
                        Sessions.open(address, 3306, Accounts.APP, lab.accounts.appPassword());
                Statement statement = connection.createStatement()) {
            long startNanos = System.nanoTime();
            for (int i = 0; i < 4_000; i++) {
                statement.execute("do 1");
            }
            return 4_000 * 1e9 / (System.nanoTime() - startNanos);
        }
    }

    private LabServer loaded(int host) throws SQLException {
        LabServer server = lab.started(Lab.OLD, host);
        try (Connection root = server.connect()) {
            new MockData(3, 2_000).load(root);
        }
        return server;
    }

    private TrafficSettings settings(String address, Path folder, double rate) {
        return new TrafficSettings(
                address, 3306, Accounts.APP, lab.accounts.appPassword(), folder, 4, rate, 5);
    }

    private static Set<Long> ids(List<AcknowledgedCommit> commits) {
        Set<Long> ids = new HashSet<>();
        commits.forEach(commit -> ids.add(commit.id()));
        return ids;
    }

    private static Set<Long> journal(LabServer server) throws SQLException {
        Set<Long> ids = new HashSet<>();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select id from shop.journal")) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
        }
        return ids;
    }
}
