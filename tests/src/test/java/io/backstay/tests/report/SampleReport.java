package io.backstay.tests.report;

import io.backstay.cli.report.Outcome;
import io.backstay.cli.report.ReportModel;
import io.backstay.cli.report.ReportModel.*;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A made-up run of full size, for looking at the page. No figure in it was measured.
final class SampleReport {
    private static final Instant BEGIN = Instant.parse("2026-11-23T09:00:00Z");

    private SampleReport() {}

    static Instant at(double seconds) {
        return BEGIN.plusMillis((long) (seconds * 1000));
    }

    static ReportModel full() {
        return new ReportModel(
                "The outage of 24 hosts, re-enacted on 11",
                BEGIN,
                at(455),
                "./backstay drill --rows 200000 --seed 7 --bug exit-code-lost-in-a-pipe",
                List.of(
                        new Figure("0", "writes lost that the archive covers"),
                        new Figure("9 of 9", "live hosts refused to be reinstalled"),
                        new Figure("0.9 s", "longest write stall of three upgrades"),
                        new Figure(
                                "7.4 s",
                                "until a lost cluster was back, 312,408 row events included")),
                List.of(
                        new Fact("machine", "2 cores, 24 GiB, Linux 6.1"),
                        new Fact("servers", "MariaDB 10.11.5, 11.4.5"),
                        new Fact("Java", "25.0.3"),
                        new Fact("seed", "7"),
                        new Fact("rows a cluster", "200,000"),
                        new Fact("mariadb-binlog", "not on the PATH")),
                claims(),
                acts(),
                List.of(throughput("c1", 1), throughput("c2", 2), throughput("c3", 3)),
                List.of(
                        new Switchover(
                                "c1",
                                at(262),
                                "c1-s",
                                "c1-r2",
                                Duration.ofMillis(640),
                                Duration.ofSeconds(2)),
                        new Switchover(
                                "c2",
                                at(281),
                                "c2-s",
                                "c2-r2",
                                Duration.ofMillis(905),
                                Duration.ofSeconds(2)),
                        new Switchover(
                                "c3",
                                at(299),
                                "c3-s",
                                "c3-r1",
                                Duration.ofMillis(710),
                                Duration.ofSeconds(2))),
                refusals(),
                new Restores(
                        312_408,
                        List.of(
                                new RestoreTime(
                                        "Base alone", Duration.ofMillis(4180), Duration.ZERO),
                                new RestoreTime(
                                        "Backstay: log folded, merged into the base",
                                        Duration.ofMillis(4180),
                                        Duration.ofMillis(3310)),
                                new RestoreTime(
                                        "Base, then event by event in one session",
                                        Duration.ofMillis(4180),
                                        Duration.ofMillis(20_240))),
                        List.of(
                                "Both ways end with equal checksums in all 6 tables.",
                                "Log part 6.1 times faster, base and log together 3.3 times.",
                                "Replayed by our own one-session replay: mariadb-binlog is not on the PATH, so the ratio is no claim.")),
                new LostWrites(
                        "c3",
                        "0-301-48213",
                        61_204,
                        61_187,
                        17,
                        0,
                        List.of(
                                "order 61188, acknowledged 09:05:43.120 as 0-301-48214, is the first that is lost")),
                List.of(
                        new NotInLedger(
                                at(343),
                                "c3-s",
                                "server gone, data folder removed",
                                "no permit, no change: not done by Backstay"),
                        new NotInLedger(
                                at(343.2),
                                "c3-r1",
                                "server gone, data folder removed",
                                "no permit, no change: not done by Backstay"),
                        new NotInLedger(
                                at(343.3),
                                "c3-r2",
                                "server gone, data folder removed",
                                "no permit, no change: not done by Backstay")),
                chains(),
                new Tamper(
                        "controller",
                        "one byte of entry 41 was changed",
                        true,
                        "Verification stopped there: entry 41: digest differs from the one that entry 42 names."),
                timeline());
    }

    /// A run of act 1 alone: most sections have nothing to show.
    static ReportModel small() {
        return new ReportModel(
                "Act 1 alone",
                BEGIN,
                at(40),
                "./backstay drill --act 1",
                List.of(),
                List.of(),
                List.of(
                        new Claim(
                                "restore-verified",
                                "a restored cluster equals its source",
                                "",
                                "",
                                Outcome.NOT_COVERED)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Restores.NONE,
                null,
                List.of(),
                List.of(),
                null,
                List.of());
    }

    private static List<Claim> claims() {
        return List.of(
                new Claim(
                        "restore-verified",
                        "a restored cluster has the content of its source, table by table",
                        "6 of 6",
                        "tables equal",
                        Outcome.PASSED),
                new Claim(
                        "script-destroys",
                        "without the guard the script destroys live hosts (rehearsal on a twin)",
                        "3",
                        "hosts, 200,000 rows gone",
                        Outcome.PASSED),
                new Claim(
                        "guard-refuses",
                        "with the guard every live host refuses, with reasons",
                        "9 of 9",
                        "hosts",
                        Outcome.PASSED),
                new Claim(
                        "freeze-first",
                        "the rollout freezes at the first refusal",
                        "1",
                        "refusal",
                        Outcome.PASSED),
                new Claim(
                        "no-error",
                        "traffic sees no error while the bad change is pushed",
                        "0",
                        "errors",
                        Outcome.PASSED),
                new Claim(
                        "spares-done",
                        "the narrow change reinstalls exactly the empty hosts",
                        "2 of 2",
                        "hosts",
                        Outcome.PASSED),
                new Claim(
                        "stall",
                        "a switchover stops writes no longer than accepted",
                        "0.9",
                        "s, of 2 accepted",
                        Outcome.PASSED),
                new Claim(
                        "backout",
                        "a failed member is backed out within the acceptable downtime",
                        "21.4",
                        "s, of 60 accepted",
                        Outcome.PASSED),
                new Claim(
                        "restore-ratio",
                        "folding beats replay by mariadb-binlog: log part 5 times, all 3 times",
                        "",
                        "",
                        Outcome.NOT_COVERED),
                new Claim(
                        "lost-writes",
                        "lost writes are exactly those after the archive's end",
                        "0",
                        "contradictions",
                        Outcome.PASSED),
                new Claim(
                        "chains",
                        "all ledger chains verify, one changed byte is found",
                        "12 of 12",
                        "chains",
                        Outcome.PASSED),
                new Claim(
                        "memory", "the whole run stays under 6 GiB", "6.4", "GiB", Outcome.FAILED));
    }

    private static List<Act> acts() {
        return List.of(
                new Act(
                        1,
                        "Before",
                        at(0),
                        at(61),
                        Outcome.PASSED,
                        List.of(
                                new Step(
                                        "start 3 clusters and 2 spares",
                                        at(2),
                                        Duration.ofSeconds(21),
                                        Outcome.PASSED,
                                        "11 hosts, 9 servers of MariaDB 10.11.5"),
                                new Step(
                                        "base of each cluster",
                                        at(24),
                                        Duration.ofSeconds(14),
                                        Outcome.PASSED,
                                        "600,000 rows in 3 archives"),
                                new Step(
                                        "restore c1 to a scratch server",
                                        at(39),
                                        Duration.ofSeconds(11),
                                        Outcome.PASSED,
                                        "6 of 6 tables equal"))),
                new Act(
                        2,
                        "The bad change",
                        at(61),
                        at(150),
                        Outcome.PASSED,
                        List.of(
                                new Step(
                                        "rehearse without the guard",
                                        at(62),
                                        Duration.ofSeconds(28),
                                        Outcome.PASSED,
                                        "3 hosts destroyed on the twin; the evidence says FAILED"),
                                new Step(
                                        "rehearse with the guard",
                                        at(91),
                                        Duration.ofSeconds(12),
                                        Outcome.PASSED,
                                        "3 refusals, reason by reason"),
                                new Step(
                                        "gate explain",
                                        at(104),
                                        Duration.ofMillis(210),
                                        Outcome.PASSED,
                                        "denied: rule 1, rule 3"),
                                new Step(
                                        "break-glass on the live fleet",
                                        at(105),
                                        Duration.ofSeconds(20),
                                        Outcome.PASSED,
                                        "frozen at the first refusal, all servers alive"),
                                new Step(
                                        "reinstall-spares",
                                        at(126),
                                        Duration.ofSeconds(22),
                                        Outcome.PASSED,
                                        "2 of 2"))),
                new Act(
                        3,
                        "The good change",
                        at(150),
                        at(335),
                        Outcome.PASSED,
                        List.of(
                                new Step(
                                        "wave 1: replicas",
                                        at(181),
                                        Duration.ofSeconds(44),
                                        Outcome.PASSED,
                                        "c1-r1, c2-r1, c3-r1 run 11.4.5"),
                                new Step(
                                        "c2-r2 fails its health check",
                                        at(236),
                                        Duration.ofMillis(21_400),
                                        Outcome.PASSED,
                                        "backed out, change frozen, decided by 2 keys"))),
                new Act(
                        4,
                        "The unthinkable",
                        at(335),
                        at(432),
                        Outcome.PASSED,
                        List.of(
                                new Step(
                                        "all members of c3 killed, data removed",
                                        at(343),
                                        Duration.ofSeconds(1),
                                        Outcome.PASSED,
                                        "behind Backstay's back"),
                                new Step(
                                        "restore c3 from the archive",
                                        at(345),
                                        Duration.ofMillis(7490),
                                        Outcome.PASSED,
                                        "312,408 row events folded to 41,220"))),
                new Act(
                        5,
                        "The proof",
                        at(432),
                        at(455),
                        Outcome.FAILED,
                        List.of(
                                new Step(
                                        "memory of the whole run",
                                        at(433),
                                        Duration.ofMillis(3),
                                        Outcome.FAILED,
                                        "6.4 GiB, expected at most 6"))));
    }

    private static Throughput throughput(String cluster, int seed) {
        var random = new Random(seed);
        var samples = new ArrayList<Sample>();
        var stalls = new ArrayList<Stall>();
        double switchedAt = 262 + (seed - 1) * 19;
        for (int second = 3; second < 455; second++) {
            double rate = 180 + 25 * seed + random.nextGaussian() * 14;
            if (Math.abs(second - switchedAt) < 1) {
                rate *= 0.2;
            }
            if (seed == 3 && second > 342 && second < 371) {
                rate = 0;
            }
            samples.add(new Sample(at(second), Math.max(0, rate)));
        }
        stalls.add(new Stall(at(switchedAt), Duration.ofMillis(640 + seed * 90L), "switchover"));
        if (seed == 3) {
            stalls.add(new Stall(at(343), Duration.ofSeconds(28), "all members lost"));
        }
        return new Throughput(cluster, samples, stalls);
    }

    private static List<Refusal> refusals() {
        var refusals = new ArrayList<Refusal>();
        for (String host : List.of("c1-s", "c1-r1", "c2-r2", "c3-s")) {
            refusals.add(
                    new Refusal(
                            at(108),
                            "live fleet",
                            host.substring(0, 2),
                            host,
                            "reinstall",
                            "path:" + host + "/data",
                            List.of(
                                    new Reason(
                                            "file-locks",
                                            "live",
                                            "ibdata1 is locked by pid 4117 (mariadbd)"),
                                    new Reason(
                                            "open-files",
                                            "live",
                                            "212 files under the target are open or mapped"),
                                    new Reason(
                                            "server-testimony",
                                            "live",
                                            "6 tables, 200,000 rows, last write 40 ms ago"),
                                    new Reason(
                                            "peer-coverage",
                                            "blind",
                                            "c1-r1 did not answer within 2 s"))));
        }
        refusals.add(
                new Refusal(
                        at(93),
                        "rehearsal",
                        "t1",
                        "t1-s",
                        "reinstall",
                        "path:t1-s/data",
                        List.of(
                                new Reason(
                                        "datadir-signature",
                                        "live",
                                        "ibdata1, ib_logfile0, 6 tablespaces; <script>alert(1)</script> is text"))));
        return refusals;
    }

    private static List<Chain> chains() {
        var chains = new ArrayList<Chain>();
        chains.add(
                new Chain(
                        "controller",
                        214,
                        "9bd1e4c07f7a1b2c3d4e5f60718293a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0",
                        Outcome.PASSED,
                        "intact, signed, head matches 11 of 11 mirrors"));
        for (String host : List.of("c1-s", "c1-r1", "c1-r2", "c2-s", "c2-r1", "c2-r2")) {
            chains.add(
                    new Chain(
                            "agent " + host,
                            31,
                            "41ffe4c07f7a1b2c3d4e5f60718293a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0",
                            Outcome.PASSED,
                            "intact, signed, head as the controller recorded it"));
        }
        return chains;
    }

    private static List<TimelineEntry> timeline() {
        var entries = new ArrayList<TimelineEntry>();
        String[] types = {"permit-granted", "verdict-cleared", "act-started", "act-done"};
        for (int i = 0; i < 160; i++) {
            String cluster = "c" + (1 + i % 3);
            String host = cluster + (i % 2 == 0 ? "-r1" : "-r2");
            entries.add(
                    new TimelineEntry(
                            at(150 + i),
                            i % 4 == 0 ? "controller" : "agent " + host,
                            cluster,
                            host,
                            types[i % 4],
                            "CHG-UPGRADE-11-4",
                            "step reinstall of wave " + (1 + i / 60)));
        }
        entries.add(
                new TimelineEntry(
                        at(311),
                        "alice",
                        "",
                        "",
                        "decided",
                        "CHG-UPGRADE-11-4",
                        "go on after the freeze of c2-r2"));
        return entries;
    }
}
