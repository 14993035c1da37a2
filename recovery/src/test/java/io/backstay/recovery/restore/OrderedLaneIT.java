package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.lab.LabServer;
import io.backstay.mysql.Server;
import io.backstay.mysql.TableName;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.fold.TableLane;
import io.backstay.recovery.proof.Certificate;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import io.backstay.recovery.undo.Undo;
import io.backstay.recovery.undo.UndoRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What each way of using a log does with tables that are not folded to its end: `d.altered` is in
/// order since an ALTER, `d.nokey` has no key, `d.emptied` was truncated, a view came to `e`.
@Timeout(300)
class OrderedLaneIT {
    private static final RecoveryLab LAB = new RecoveryLab(146);
    private static final String ALTER =
            "d.altered: the statement \"ALTER TABLE d.altered ADD w INT DEFAULT 4\" (QUERY at binlog.00";
    private static LabServer source;
    private static LabServer target;
    private static Path archive;
    private static String base;
    private static String early;
    private static String beforeView;
    private static String end;

    @BeforeAll
    static void fillAnArchive() throws Exception {
        source = LAB.started(RecoveryLab.OLD, 1);
        target = LAB.started(RecoveryLab.OLD, 2);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE DATABASE e",
                "CREATE TABLE d.folded (id VARCHAR(9) COLLATE utf8mb4_general_ci PRIMARY KEY, v INT)",
                "CREATE TABLE d.altered (id INT PRIMARY KEY, v INT)",
                "CREATE TABLE d.emptied (id INT PRIMARY KEY, v INT)",
                "CREATE TABLE d.nokey (v INT)",
                "CREATE TABLE e.t (id INT PRIMARY KEY, v INT)",
                "INSERT INTO d.folded VALUES ('a', 1), ('b', 2)",
                "INSERT INTO d.altered VALUES (1, 1), (2, 2)",
                "INSERT INTO d.emptied VALUES (1, 1)",
                "INSERT INTO d.nokey VALUES (1), (1)",
                "INSERT INTO e.t VALUES (1, 1)");
        archive = LAB.folder.resolve("a");
        Backup.run(new BackupRequest(archive, address(source), 1), RecoveryListener.silent());
        base = gtid();
        run(source, "UPDATE d.folded SET id = 'A', v = 5 WHERE id = 'a'", "UPDATE e.t SET v = 2");
        early = gtid();
        run(
                source,
                "INSERT INTO d.nokey VALUES (1)",
                "ALTER TABLE d.altered ADD w INT DEFAULT 4",
                "UPDATE d.altered SET v = v + 1 WHERE id = 2",
                "TRUNCATE TABLE d.emptied",
                "INSERT INTO d.emptied VALUES (7, 7)",
                "UPDATE e.t SET v = 3");
        beforeView = gtid();
        run(source, "CREATE VIEW e.v AS SELECT 1 AS one");
        end = gtid();
        stream(archive, source);
    }

    @AfterAll
    static void close() {
        LAB.close();
    }

    @Test
    void aWholeRestoreIsDoneAndSaysOfEachTableWhichWayItWentAndWhatIsTheServersWord() {
        LabServer fresh = LAB.started(RecoveryLab.OLD, 3);
        var kept = new ArrayList<Certificate>();
        RestoreResult result =
                Restore.run(
                        RestoreRequest.of(archive, address(fresh)),
                        RecoveryListener.silent(),
                        new Certification(Optional.empty(), kept::add));
        assertThat(checksums(fresh).differences(checksums(source))).isEmpty();
        assertThat(one(fresh, "SELECT @@gtid_slave_pos")).isEqualTo(end);
        assertThat(one(fresh, "SELECT @@read_only")).isEqualTo("0");
        assertThat(result.isProven()).isFalse();
        assertThat(result.unproven())
                .hasSize(2)
                .first()
                .asString()
                .startsWith(
                        "table d.altered is the server's own word from here on: the statement \"ALTER TABLE d.altered");
        assertThat(result.unproven())
                .last()
                .asString()
                .startsWith("executed, and the server's own word: the statement \"CREATE ");
        assertThat(result.tables().stream().map(t -> t.table() + " " + t.lane()))
                .containsExactlyInAnyOrder(
                        "d.altered ordered",
                        "d.emptied merged",
                        "d.folded merged",
                        "d.nokey merged",
                        "e.t merged");
        Certificate certificate = kept.getFirst();
        assertThat(certificate.provesAll()).isFalse();
        assertThat(certificate.unproven()).isEqualTo(result.unproven());
        assertThat(certificate.tables().stream().filter(t -> t.table().equals("d.altered")))
                .singleElement()
                .satisfies(t -> assertThat(t.lane()).startsWith("ordered: the statement \"ALTER"));
    }

    @Test
    void databasesThatGoAndComeAndBigTransactionsAreExecutedAsTheyWere() throws Exception {
        LabServer from = LAB.started(RecoveryLab.OLD, 21);
        Path folder = LAB.folder.resolve("gone");
        run(
                from,
                "CREATE DATABASE app",
                "CREATE TABLE app.t (id INT PRIMARY KEY)",
                "INSERT INTO app.t VALUES (1)",
                "CREATE DATABASE again",
                "CREATE TABLE again.old (id INT PRIMARY KEY)",
                "CREATE TABLE app.big (id INT PRIMARY KEY, v LONGTEXT)");
        Backup.run(new BackupRequest(folder, address(from), 1), RecoveryListener.silent());
        run(
                from,
                "DROP DATABASE again",
                "CREATE DATABASE again",
                "USE again",
                "CREATE TABLE n (i INT)");
        try (Connection left = from.connect();
                var session = left.createStatement()) {
            session.execute("CREATE DATABASE x");
            session.execute("USE x");
            run(from, "DROP DATABASE x", "CREATE VIEW app.v AS SELECT 1 AS one");
            session.execute("DROP TABLE IF EXISTS t");
        }
        run(
                from,
                "ALTER TABLE app.big ADD w INT",
                "INSERT INTO app.big SELECT seq, REPEAT('x', 500000), seq FROM app.seq_1_to_8");
        stream(folder, from);
        LabServer to = LAB.started(RecoveryLab.OLD, 22);
        Restore.run(RestoreRequest.of(folder, address(to)), RecoveryListener.silent());
        assertThat(checksums(to).differences(checksums(from))).isEmpty();
        assertThat(one(to, "SELECT COUNT(*) FROM app.t")).isEqualTo("1");
        assertThat(
                        one(
                                to,
                                "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'x'"))
                .isEqualTo("0");
    }

    @Test
    void aPlanShowsTheLaneAndTheReasonOfEachTable() {
        RestorePlan plan = Restore.plan(RestoreRequest.of(archive, address(target)));
        assertThat(plan.surveyed().stream().map(t -> t.table() + " " + t.lane()))
                .containsExactly(
                        "d.altered ordered",
                        "d.emptied merged",
                        "d.folded merged",
                        "d.nokey merged",
                        "e.t merged");
        assertThat(plan.text())
                .contains("  ordered  d.altered")
                .contains("           because the statement \"ALTER TABLE d.altered ADD w INT");
        RestorePlan part = Restore.plan(request(tables("d.folded"), "", ""));
        assertThat(part.text())
                .contains("  merged   d.folded")
                .contains("  left out d.altered")
                .contains("because it is not selected; it would be ordered: the statement \"ALTER");
        assertThat(LaneSurvey.of(io.backstay.recovery.archive.Archive.open(archive)))
                .hasEntrySatisfying(
                        new TableName("d", "altered"),
                        lane -> assertThat(lane).isInstanceOf(TableLane.Ordered.class));
    }

    @Test
    void aPartNeedsWhatIsSelectedToBeFoldedAndNothingElse() {
        assertThat(
                        restorePart(tables("d.folded", "d.nokey", "d.emptied", "e.t"), "", "x")
                                .unproven())
                .isEmpty();
        assertThat(one(target, "SELECT GROUP_CONCAT(id ORDER BY v) FROM x_d.folded"))
                .isEqualTo("b,A");
        assertThat(one(target, "SELECT CONCAT(COUNT(*), SUM(v)) FROM x_d.nokey")).isEqualTo("33");
        assertThat(one(target, "SELECT GROUP_CONCAT(id) FROM x_d.emptied")).isEqualTo("7");
        for (Selection with : List.of(tables("d.altered"), databases("d"))) {
            Problem refused = refused(() -> restorePart(with, "", "y"));
            assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED);
            assertThat(refused)
                    .hasMessageStartingWith("cannot restore this part exactly: " + ALTER)
                    .hasMessageContaining("\nHINT: restore everything into a scratch server");
        }
        // a view came to the database, which a part has no place for
        assertThat(refused(() -> restorePart(databases("e"), "", "")))
                .hasMessageStartingWith(
                        "cannot restore this part exactly: the statement \"CREATE ");
        assertThat(restorePart(databases("e"), beforeView, "").unproven()).isEmpty();
        assertThat(one(target, "SELECT v FROM e.t")).isEqualTo("3");
        assertThat(
                        one(
                                target,
                                "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'y%'"))
                .isEqualTo("0");
    }

    @Test
    void aDeltaAndGoingOnAreRefusedByNameAndLeaveTheServerAsItWas() {
        LabServer fresh = LAB.started(RecoveryLab.OLD, 4);
        RestoreRequest all = RestoreRequest.of(archive, address(fresh));
        Restore.run(until(all, base), RecoveryListener.silent());
        assertThat(GoOn.run(until(all, early), RecoveryListener.silent()).rows()).isEqualTo(3);
        assertThat(one(fresh, "SELECT GROUP_CONCAT(id ORDER BY v) FROM d.folded")).isEqualTo("b,A");
        var before = checksums(fresh);
        Problem goOn = refused(() -> GoOn.run(all, RecoveryListener.silent()));
        assertThat(goOn.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(goOn)
                .hasMessageStartingWith("cannot go on from " + early + " by net changes: " + ALTER)
                .hasMessageContaining("; the statement \"CREATE ")
                .hasMessageContaining(
                        "; d.emptied: the statement \"TRUNCATE TABLE d.emptied\" (QUERY at")
                .hasMessageContaining("; d.nokey: it has no primary key")
                .hasMessageContaining("\nHINT: restore to the later point into a fresh server");
        RestorePlan plan = Restore.plan(all.asDelta(""));
        Problem delta =
                refused(
                        () ->
                                Restore.run(
                                        all.asDelta(plan.digest(address(fresh))),
                                        RecoveryListener.silent()));
        assertThat(delta.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(delta)
                .hasMessageStartingWith(
                        "cannot put a server right by key ranges by net changes: " + ALTER);
        assertThat(checksums(fresh).differences(before)).isEmpty();
        assertThat(one(fresh, "SELECT CONCAT(@@gtid_slave_pos, @@read_only)"))
                .isEqualTo(early + "OFF");
        // a table without a key, or emptied, is no obstacle to key ranges: up to the ALTER
        RestoreRequest part = until(all, early);
        run(fresh, "SET sql_log_bin = 0", "UPDATE d.folded SET v = 77", "DELETE FROM d.nokey");
        String digest = Restore.plan(part.asDelta("")).digest(address(fresh));
        assertThat(Restore.run(part.asDelta(digest), RecoveryListener.silent()).unproven())
                .isEmpty();
        assertThat(checksums(fresh).differences(before)).isEmpty();
    }

    @Test
    void anUndoNeedsTheTablesThatItIsToldToBeFoldedRowByRow() {
        Problem all = refused(() -> Undo.dryRun(undo(early, Set.of())));
        assertThat(all.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(all)
                .hasMessageStartingWith("cannot undo behind " + early)
                .hasMessageContaining(ALTER)
                .hasMessageContaining("HINT: name the tables to undo");
        assertThat(refused(() -> Undo.dryRun(undo(early, Set.of(new TableName("d", "altered"))))))
                .hasMessageContaining(ALTER);
        assertThat(refused(() -> Undo.dryRun(undo(early, Set.of(new TableName("d", "nokey"))))))
                .hasMessageContaining("d.nokey: it has no primary key of stored columns")
                .hasMessageContaining("(first changed at binlog.00");
        assertThat(refused(() -> Undo.dryRun(undo(early, Set.of(new TableName("d", "emptied"))))))
                .hasMessageContaining("d.emptied: the statement \"TRUNCATE TABLE d.emptied\"");
        assertThat(Undo.dryRun(undo(early, Set.of(new TableName("e", "t")))).plan().rows())
                .isEqualTo(1);
        // a key that is spelled otherwise is one row taken out and one put back
        Undo.Result folded = Undo.dryRun(undo(base, Set.of(new TableName("d", "folded"))));
        assertThat(folded.plan().conflicts()).isEmpty();
        assertThat(folded.plan().rows()).isEqualTo(2);
        // the table was altered between the base and the stretch
        assertThat(
                        refused(
                                () ->
                                        Undo.dryRun(
                                                undo(
                                                        beforeView,
                                                        Set.of(new TableName("d", "altered"))))))
                .hasMessageContaining(
                        "d.altered: between the base and this place stands the statement \"ALTER");
    }

    @Test
    void anXaTransactionBetweenItsHalvesIsToldAndNothingGoesOnToThere() throws Exception {
        LabServer other = LAB.started(RecoveryLab.OLD, 5);
        LabServer fresh = LAB.started(RecoveryLab.OLD, 6);
        run(other, "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
        Path mine = LAB.folder.resolve("b");
        Backup.run(new BackupRequest(mine, address(other), 1), RecoveryListener.silent());
        String start = one(other, "SELECT @@gtid_binlog_pos");
        try (Server session = Server.connect(address(other))) {
            session.execute("XA START 'x'");
            session.execute("INSERT INTO d.t VALUES (1)");
            session.execute("XA END 'x'");
            session.execute("XA PREPARE 'x'");
            String prepared = one(other, "SELECT @@gtid_binlog_pos");
            stream(mine, other);
            RestoreRequest all = RestoreRequest.of(mine, address(fresh));
            Restore.run(until(all, start), RecoveryListener.silent());
            assertThat(refused(() -> GoOn.run(all, RecoveryListener.silent())))
                    .hasMessageStartingWith(
                            "cannot go on from %s: the XA transaction %s is prepared there and has no outcome yet\nHINT: run it again"
                                    .formatted(start, prepared));
            var one =
                    UndoRequest.ofTransaction(
                            mine, address(other), (Until.AtGtid) Until.parse(prepared), Set.of());
            assertThat(refused(() -> Undo.dryRun(one)))
                    .hasMessageStartingWith(
                            "cannot undo transaction %s: the XA transaction %s is prepared there"
                                    .formatted(prepared, prepared));
            LabServer empty = LAB.started(RecoveryLab.OLD, 7);
            assertThat(
                            Restore.run(
                                            RestoreRequest.of(mine, address(empty)),
                                            RecoveryListener.silent())
                                    .unproven())
                    .containsExactly(
                            "the XA transaction %s is prepared and has no outcome yet: its rows are not in, and a server that goes on from here lacks it"
                                    .formatted(prepared));
            session.execute("XA COMMIT 'x'");
            stream(mine, other);
            assertThat(GoOn.run(all, RecoveryListener.silent()).rows()).isEqualTo(1);
            assertThat(checksums(fresh).differences(checksums(other))).isEmpty();
            assertThat(
                            refused(
                                    () ->
                                            GoOn.run(
                                                    RestoreRequest.of(mine, address(empty)),
                                                    RecoveryListener.silent())))
                    .hasMessageContaining("or before the place that is gone on from");
        }
    }

    private static void stream(Path into, LabServer from) throws InterruptedException {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(into, address(from)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
    }

    private static UndoRequest undo(String from, Set<TableName> tables) {
        return UndoRequest.ofStretch(
                archive, address(source), Until.parse(from), Until.parse(end), tables);
    }

    private static Selection tables(String... names) {
        return new Selection(Set.of(), Set.of(names), Map.of(), false);
    }

    private static Selection databases(String name) {
        return new Selection(Set.of(name), Set.of(), Map.of(), false);
    }

    private static RestoreRequest request(Selection selection, String until, String digest) {
        RestoreRequest all = RestoreRequest.of(archive, address(target));
        return (until.isEmpty() ? all : until(all, until)).withSelection(selection, digest);
    }

    /// @param prefix of the databases' new names; empty for their own
    private static RestoreResult restorePart(Selection selection, String until, String prefix) {
        Selection renamed =
                prefix.isEmpty()
                        ? selection
                        : new Selection(
                                selection.databases(),
                                selection.tables(),
                                Map.of("d", prefix + "_d", "e", prefix + "_e"),
                                false);
        String digest = Restore.plan(request(renamed, until, "")).digest(address(target));
        return Restore.run(request(renamed, until, digest), RecoveryListener.silent());
    }

    private static RestoreRequest until(RestoreRequest all, String gtid) {
        return new RestoreRequest(
                all.archive(), all.target(), Until.parse(gtid), 2, false, all.withAccounts());
    }

    private static Problem refused(Runnable act) {
        try {
            act.run();
        } catch (Problem e) {
            return e;
        }
        throw new AssertionError("not refused");
    }

    private static String gtid() {
        return one(source, "SELECT @@gtid_binlog_pos");
    }

    private static String one(LabServer server, String sql) {
        try (Server session = Server.connect(address(server))) {
            return session.requireValue(sql);
        }
    }
}
