package io.backstay.cli.faults;

import io.backstay.cli.faults.FaultDrill.Expected;
import io.backstay.cli.faults.FaultDrill.Question;
import io.backstay.lab.Replication;
import java.sql.Connection;
import java.util.List;

/// Faults of what copies hold: a cluster of three, one of which is to go because the others have
/// all of it.
final class DataFaults {
    private DataFaults() {}

    static List<FaultDrill> all() {
        return List.of(
                new FaultDrill(
                        "D-16",
                        "NULL read as 0",
                        Expected.because("lag NULL"),
                        ground -> {
                            DrillCluster cluster = DrillCluster.of(ground);
                            cluster.makeLag(cluster.target());
                        },
                        ground -> {
                            ground.cluster().endLag();
                            ground.cluster()
                                    .run(ground.cluster().target(), "STOP SLAVE SQL_THREAD");
                        },
                        LogicFaults.REFUSES),
                new FaultDrill(
                        "D-70",
                        "a transaction that only the target has",
                        Expected.IDLE,
                        DataFaults::errant,
                        DataFaults::sourcePassesIt,
                        refusesCopy("live peers")),
                new FaultDrill(
                        "D-72",
                        "a filtered replica counted as a copy",
                        Expected.IDLE,
                        ground -> {
                            DrillCluster cluster = DrillCluster.of(ground);
                            cluster.run(cluster.survivor(), "STOP SLAVE");
                            cluster.run(cluster.source(), "INSERT INTO shop.orders VALUES (72)");
                            cluster.caughtUp(cluster.target());
                        },
                        DataFaults::filtered,
                        refusesCopy("live peers")),
                new FaultDrill(
                        "D-73",
                        "frozen source, lag 0",
                        Expected.because("lag 0"),
                        ground -> {
                            DrillCluster cluster = DrillCluster.of(ground);
                            cluster.makeLag(cluster.survivor());
                        },
                        ground -> {
                            DrillCluster cluster = ground.cluster();
                            cluster.endLag();
                            cluster.caughtUp(cluster.survivor());
                            cluster.caughtUp(cluster.target());
                            cluster.stopTarget();
                            ground.freeze(cluster.source());
                        },
                        ground -> ground.cluster().requireRefused("blind peers")),
                new FaultDrill(
                        "D-74",
                        "a delayed replica counted as a copy",
                        Expected.IDLE,
                        ground -> {
                            DrillCluster cluster = DrillCluster.of(ground);
                            cluster.run(cluster.survivor(), "STOP SLAVE");
                            cluster.run(cluster.source(), "INSERT INTO shop.orders VALUES (74)");
                        },
                        DataFaults::delayed,
                        refusesCopy("live peers")));
    }

    private static Question refusesCopy(String finding) {
        return ground -> {
            ground.cluster().stopTarget();
            return ground.cluster().requireRefused(finding);
        };
    }

    /// The target has one transaction of its own, with a number that the source has not reached.
    private static void errant(DrillGround ground) throws Exception {
        DrillCluster cluster = DrillCluster.of(ground);
        cluster.run(cluster.target(), "SET GLOBAL gtid_strict_mode = 0");
        cluster.run(cluster.target(), "INSERT INTO shop.orders VALUES (70)");
    }

    private static void sourcePassesIt(DrillGround ground) throws Exception {
        DrillCluster cluster = ground.cluster();
        cluster.run(cluster.source(), "INSERT INTO shop.orders VALUES (701)");
        cluster.run(cluster.source(), "INSERT INTO shop.orders VALUES (702)");
        cluster.caughtUp(cluster.target());
        cluster.caughtUp(cluster.survivor());
    }

    private static void filtered(DrillGround ground) throws Exception {
        DrillCluster cluster = ground.cluster();
        cluster.run(cluster.survivor(), "SET GLOBAL replicate_ignore_table = 'shop.secret'");
        cluster.run(cluster.survivor(), "START SLAVE");
        cluster.run(cluster.source(), "CREATE TABLE shop.secret (id INT PRIMARY KEY)");
        cluster.run(cluster.source(), "INSERT INTO shop.secret VALUES (1)");
        cluster.caughtUp(cluster.target());
        cluster.caughtUp(cluster.survivor());
    }

    private static void delayed(DrillGround ground) throws Exception {
        DrillCluster cluster = ground.cluster();
        cluster.run(cluster.survivor(), "CHANGE MASTER TO MASTER_DELAY = 3600");
        cluster.run(cluster.survivor(), "START SLAVE");
        cluster.caughtUp(cluster.target());
        try (Connection source = cluster.source().connect()) {
            cluster.awaitStatus(
                    cluster.survivor(), "Gtid_IO_Pos", Replication.binlogPosition(source)::equals);
        }
    }
}
