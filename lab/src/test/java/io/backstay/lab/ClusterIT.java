package io.backstay.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Lab lab = new Lab(4);

    @AfterEach
    void sweep() {
        lab.close();
    }

    @Test
    void replicasOfBothVersionsHoldWhatTheSourceHolds() throws Exception {
        LabServer source = lab.started(Lab.OLD, 1);
        LabServer replica = lab.started(Lab.OLD, 2);
        LabServer newer = lab.started(Lab.NEW, 3);
        try (Connection onSource = source.connect();
                Connection onReplica = replica.connect();
                Connection onNewer = newer.connect()) {
            Replication.follow(onReplica, source.settings());
            Replication.follow(onNewer, source.settings());
            new MockData(7, 5_000).load(onSource);
            String position = Replication.binlogPosition(onSource);
            Replication.awaitApplied(onReplica, position, SOON);
            Replication.awaitApplied(onNewer, position, SOON);
            Replication.awaitRunning(onNewer, SOON);

            TableChecksums expected = TableChecksums.of(onSource);
            assertThat(expected.byTable()).hasSize(7);
            assertThat(TableChecksums.of(onReplica)).isEqualTo(expected);
            assertThat(TableChecksums.of(onNewer)).isEqualTo(expected);
            assertThat(Replication.appliedPosition(onNewer)).isEqualTo(position);
            assertThat(Replication.findStatus(onSource)).isEmpty();
            assertThat(Replication.findStatus(onNewer))
                    .hasValueSatisfying(
                            status -> {
                                assertThat(status.isRunning()).isTrue();
                                assertThat(status.source()).isEqualTo("127.31.4.1:3306");
                            });

            change(onReplica, "update shop.product set stock = stock + 1 where id = 3");
            assertThat(expected.differences(TableChecksums.of(onReplica)))
                    .containsExactly("shop.product");
        }
    }

    @Test
    void aFormerSourceFollowsItsSuccessor() throws Exception {
        LabServer first = lab.started(Lab.OLD, 1);
        LabServer second = lab.started(Lab.OLD, 2);
        try (Connection onFirst = first.connect();
                Connection onSecond = second.connect()) {
            Replication.follow(onSecond, first.settings());
            change(onFirst, "create database mine");
            change(onFirst, "create table mine.t (id int primary key)");
            Replication.awaitApplied(onSecond, Replication.binlogPosition(onFirst), SOON);

            Replication.forget(onSecond);
            ServerSettings source = second.settings();
            Replication.follow(
                    onFirst,
                    source.address(),
                    source.port(),
                    Accounts.REPL,
                    source.accounts().replPassword(),
                    Replication.binlogPosition(onFirst));
            change(onSecond, "insert into mine.t values (1)");
            Replication.awaitApplied(onFirst, Replication.binlogPosition(onSecond), SOON);

            assertThat(Sql.number(onFirst, "select count(*) from mine.t")).isEqualTo(1);
        }
    }

    @Test
    void waitingForAReplicaThatStoppedNamesItsError() throws Exception {
        LabServer source = lab.started(Lab.OLD, 1);
        LabServer replica = lab.started(Lab.OLD, 2);
        try (Connection onSource = source.connect();
                Connection onReplica = replica.connect()) {
            Replication.follow(onReplica, source.settings());
            change(onSource, "create database mine");
            change(onSource, "create table mine.t (id int primary key)");
            Replication.awaitApplied(onReplica, Replication.binlogPosition(onSource), SOON);
            change(onReplica, "set sql_log_bin = 0");
            change(onReplica, "insert into mine.t values (1)");
            change(onSource, "insert into mine.t values (1)");
            String position = Replication.binlogPosition(onSource);

            assertThatThrownBy(() -> Replication.awaitApplied(onReplica, position, SOON))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("Duplicate entry '1' for key 'PRIMARY'");
        }
    }

    private static void change(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
