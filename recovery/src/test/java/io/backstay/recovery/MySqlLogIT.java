package io.backstay.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.binlog.GtidSet;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.Flavour;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.intake.Intake;
import io.backstay.recovery.intake.IntakeRequest;
import io.backstay.recovery.restore.Compaction;
import io.backstay.recovery.restore.Rebase;
import io.backstay.recovery.restore.Restore;
import io.backstay.recovery.restore.RestoreRequest;
import io.backstay.recovery.restore.RestoreResult;
import io.backstay.recovery.restore.Until;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The log of a MySQL 9.7: streamed into an archive, folded, restored with its base, held against
/// the source by `CHECKSUM TABLE`, row by row, and by its GTIDs.
@Tag("matrix")
@Timeout(300)
class MySqlLogIT {
    private final MySqlLab lab = new MySqlLab();
    private final Path archive = lab.folder.resolve("a");
    private MySqlLab.Instance source;
    private String user = "root";

    @BeforeEach
    void start() {
        source = lab.started(1, "--binlog-transaction-compression=OFF");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void allThatWasWrittenBehindTheBaseComesBack() throws Exception {
        source.run(MySqlTorture.statements());
        source.run(
                "CREATE DATABASE shop",
                "CREATE TABLE shop.word (w VARCHAR(40) COLLATE utf8mb4_0900_ai_ci PRIMARY KEY, n INT)",
                "INSERT INTO shop.word VALUES ('Strasse', 1), ('x', 2)",
                "CREATE TABLE shop.kept (id INT PRIMARY KEY, v INT)",
                "INSERT INTO shop.kept VALUES (1, 1)");
        backUp();
        source.run(MySqlTorture.changes());
        source.run(
                "UPDATE shop.word SET w = 'STRASSE' WHERE n = 1",
                "UPDATE shop.word SET w = 'y' WHERE n = 2",
                "INSERT INTO shop.word VALUES ('x', 3)");
        // holes, tags, and a transaction of another server
        source.run(
                "SET SESSION gtid_next = '3e11fa47-71ca-11e1-9e33-c80aa9429562:7'",
                "INSERT INTO shop.word VALUES ('seven', 7)",
                "SET SESSION gtid_next = '3e11fa47-71ca-11e1-9e33-c80aa9429562:nightly:3'",
                "INSERT INTO shop.word VALUES ('three', 3)",
                "SET SESSION gtid_next = 'AUTOMATIC:day'",
                "INSERT INTO shop.word VALUES ('day', 3)",
                "SET SESSION gtid_next = 'AUTOMATIC'",
                "FLUSH BINARY LOGS",
                "SET SESSION binlog_transaction_compression = ON",
                "BEGIN",
                "INSERT INTO shop.word VALUES ('packed', 8), ('small', 9)",
                "UPDATE torture.k SET p = REPEAT('p', 90) WHERE id = 5",
                "DELETE FROM torture.nokey WHERE a = 1 LIMIT 1",
                "COMMIT",
                "SET SESSION binlog_transaction_compression = OFF",
                "BEGIN",
                "INSERT INTO shop.word VALUES ('never', 9)",
                "ROLLBACK",
                "XA START 'a'",
                "INSERT INTO shop.word VALUES ('xa', 10)",
                "XA END 'a'",
                "XA PREPARE 'a'");
        source.run("XA COMMIT 'a'");
        stream();
        assertThat(new ArchiveVerifier(Archive.open(archive), part -> {}).verify().damages())
                .isEmpty();
        assertThat(segments()).hasSizeGreaterThan(1);

        MySqlLab.Instance target = lab.started(2);
        RestoreResult result = restore(target, new Until.End());
        assertThat(result.unproven()).isEmpty();
        assertSame(target);
        try (Server here = Server.connect(target.address());
                Server there = Server.connect(source.address())) {
            assertThat(jsonTypes(here)).contains("DECIMAL", "DATE", "TIME", "DATETIME", "BLOB");
            assertThat(jsonTypes(here)).isEqualTo(jsonTypes(there));
        }
        assertThat(result.transactions()).isGreaterThan(10);

        var folded = Compaction.run(Archive.open(archive), 1L << 30, RecoveryListener.silent());
        assertThat(folded.stoppedBy()).isEmpty();
        assertThat(folded.foldedSegments()).isEqualTo(segments().size());
        MySqlLab.Instance another = lab.started(3);
        assertThat(restore(another, new Until.End()).unproven()).isEmpty();
        assertSame(another);
    }

    @Test
    void theStreamGoesOnWhereItWasWithItsGrantsAlone() throws Exception {
        source.run(
                "CREATE DATABASE d",
                "CREATE TABLE d.t (id INT PRIMARY KEY, v INT)",
                "INSERT INTO d.t VALUES (1, 1), (2, 2)",
                "CREATE USER b@localhost",
                RecoveryTask.BACKUP.grant("b@localhost", Flavour.MYSQL),
                "CREATE USER s@localhost",
                RecoveryTask.STREAM.grant("s@localhost", Flavour.MYSQL));
        user = "b";
        backUp();
        user = "s";
        source.run("UPDATE d.t SET v = 10 WHERE id = 1");
        stream();
        stream();
        assertThat(segments()).hasSize(1);
        source.run(
                "FLUSH BINARY LOGS",
                "UPDATE d.t SET v = 20 WHERE id = 2",
                "DELETE FROM d.t WHERE id = 1");
        stream();
        assertThat(segments().getLast().toGtid()).isEqualTo(MySqlRecoveryIT.executed(source));
        MySqlLab.Instance target = lab.started(2);
        assertThat(restore(target, new Until.End()).unproven()).isEmpty();
        assertSame(target);
    }

    @Test
    void logFilesOfItAreTakenInFromAFolder() throws Exception {
        source.run(
                "CREATE DATABASE d",
                "CREATE TABLE d.t (id INT PRIMARY KEY, v INT)",
                "INSERT INTO d.t VALUES (1, 1), (2, 2)");
        backUp();
        source.run(
                "UPDATE d.t SET v = 10 WHERE id = 1",
                "SET SESSION binlog_transaction_compression = ON",
                "UPDATE d.t SET v = 20 WHERE id = 2",
                "FLUSH BINARY LOGS",
                "DELETE FROM d.t WHERE id = 1");
        for (int run = 0; run < 2; run++) {
            Intake.run(
                    new IntakeRequest(
                            archive,
                            Optional.empty(),
                            Optional.of(source.data()),
                            Optional.empty(),
                            "",
                            1),
                    RecoveryListener.silent());
        }
        assertThat(segments()).hasSize(2);
        assertThat(segments().getLast().toGtid()).isEqualTo(MySqlRecoveryIT.executed(source));
        MySqlLab.Instance target = lab.started(2);
        assertThat(restore(target, new Until.End()).unproven()).isEmpty();
        assertSame(target);
    }

    @Test
    void theStreamOutlivesItsServersCrash() throws Exception {
        source.run("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
        backUp();
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(archive, source.address()), RecoveryListener.silent())) {
            source.run("INSERT INTO d.t VALUES (1)");
            awaitArchived(streamer);
            source.kill();
            source.start();
            source.run("INSERT INTO d.t VALUES (2)");
            awaitArchived(streamer);
        }
        MySqlLab.Instance target = lab.started(2);
        assertThat(restore(target, new Until.End()).unproven()).isEmpty();
        assertSame(target);
    }

    @Test
    void aCommitIsAnsweredOnlyWhenItIsDurableInTheArchive() throws Exception {
        source.run("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v VARCHAR(99))");
        backUp();
        source.run(
                "INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'",
                "SET GLOBAL rpl_semi_sync_source_timeout = 60000",
                "SET GLOBAL rpl_semi_sync_source_enabled = ON");
        StreamRequest request =
                StreamRequest.of(archive, address()).semiSync().withSegmentBytes(2_000);
        try (Streamer streamer = Streamer.start(request, RecoveryListener.silent());
                Server client = Server.connect(source.address())) {
            awaitStatus(client, "Rpl_semi_sync_source_clients", "1");
            client.execute("CREATE TABLE d.made AS SELECT 1 AS a");
            client.execute("SET SESSION binlog_transaction_compression = ON");
            for (int i = 1; i <= 100; i++) {
                client.execute("INSERT INTO d.t VALUES (" + i + ", REPEAT('x', 90))");
                // without waiting: it must be there before the client is told
                assertThat(streamer.archiveEnd())
                        .as("transaction %d", i)
                        .isEqualTo(GtidSet.parse(MySqlRecoveryIT.executed(source)));
            }
            awaitStatus(client, "Rpl_semi_sync_source_no_tx", "0");
            awaitStatus(client, "Rpl_semi_sync_source_yes_tx", "101");
        }
        assertThat(segments()).hasSizeGreaterThan(2);
        assertThat(new ArchiveVerifier(Archive.open(archive), part -> {}).verify().damages())
                .isEmpty();
    }

    private static void awaitStatus(Server server, String name, String wanted)
            throws InterruptedException {
        long until = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        String found = "";
        while (!found.equals(wanted) && System.nanoTime() < until) {
            found =
                    server.rows("SHOW GLOBAL STATUS LIKE '" + name + "'").stream()
                            .findFirst()
                            .flatMap(row -> row.find("Value"))
                            .orElse("");
            Thread.sleep(20);
        }
        assertThat(found).as(name).isEqualTo(wanted);
    }

    @Test
    void anArchiveIsRestoredToAScratchServerWhoseCopyIsTheNextBase() throws Exception {
        source.run(MySqlTorture.statements());
        backUp();
        source.run(
                "CREATE TABLE IF NOT EXISTS torture.none_such (id INT PRIMARY KEY)",
                "DROP TABLE torture.none_such");
        stream();
        MySqlLab.Instance scratch = lab.started(2);
        assertThatThrownBy(() -> rebase(scratch))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("has statements that may change programs or accounts");
        backUp();
        source.run(MySqlTorture.changes());
        stream();
        Rebase.Result result = rebase(scratch);
        assertThat(result.base()).isPresent();
        assertThat(Archive.open(archive).manifest().bases()).hasSize(3);
        source.run("DELETE FROM torture.child");
        stream();
        MySqlLab.Instance target = lab.started(3);
        assertThat(restore(target, new Until.End()).unproven()).isEmpty();
        assertSame(target);
    }

    private Rebase.Result rebase(MySqlLab.Instance scratch) {
        return Rebase.run(Archive.open(archive), scratch.address(), 2, RecoveryListener.silent());
    }

    private void awaitArchived(Streamer streamer) throws InterruptedException {
        GtidSet executed = GtidSet.parse(MySqlRecoveryIT.executed(source));
        assertThat(streamer.awaitEnd(executed, Duration.ofMinutes(2))).isTrue();
    }

    @Test
    void aRestoreStopsAtAGtidAPositionAndATime() throws Exception {
        source.run(
                "CREATE DATABASE d",
                "CREATE TABLE d.t (id INT PRIMARY KEY, v INT)",
                "INSERT INTO d.t VALUES (1, 0)");
        backUp();
        String uuid;
        String position;
        String time;
        String after;
        try (Server server = Server.connect(source.address())) {
            uuid = server.requireValue("SELECT @@server_uuid");
            for (int i = 1; i <= 3; i++) {
                server.execute("UPDATE d.t SET v = " + i);
            }
            after = MySqlRecoveryIT.executed(source);
            position =
                    server.rows("SHOW BINARY LOG STATUS").getFirst().find("File").orElseThrow()
                            + ":"
                            + server.rows("SHOW BINARY LOG STATUS")
                                    .getFirst()
                                    .find("Position")
                                    .orElseThrow();
            time =
                    server.requireValue(
                            "SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ')");
            for (int i = 4; i <= 6; i++) {
                server.execute("UPDATE d.t SET v = " + i);
            }
        }
        stream();
        String gtid = uuid + ":" + after.substring(after.lastIndexOf('-') + 1);
        MySqlLab.Instance target = lab.started(2);
        for (String until : List.of(gtid, position, time)) {
            assertThat(restore(target, Until.parse(until)).unproven()).as(until).isEmpty();
            assertThat(MySqlRecoveryIT.executed(target)).as(until).isEqualTo(after);
            try (Server server = Server.connect(target.address())) {
                assertThat(server.requireValue("SELECT v FROM d.t")).as(until).isEqualTo("3");
            }
            target.run("DROP DATABASE d", "RESET BINARY LOGS AND GTIDS");
        }
    }

    @Test
    void whatCannotBeFoldedIsExecutedInOrderAndIsTheServersWord() throws Exception {
        source.run(
                "CREATE DATABASE d",
                "CREATE TABLE d.j (id INT PRIMARY KEY, d JSON)",
                "CREATE TABLE d.t (id INT PRIMARY KEY, v INT)",
                "CREATE TABLE d.folded (id INT PRIMARY KEY, v INT)",
                "INSERT INTO d.folded VALUES (1, 1)",
                "INSERT INTO d.j VALUES (1, '{\"a\": [1, 2], \"b\": \"text\"}')");
        backUp();
        source.run(
                "SET SESSION binlog_row_value_options = 'PARTIAL_JSON'",
                "UPDATE d.j SET d = JSON_SET(d, '$.a[1]', REPEAT('x', 500)) WHERE id = 1",
                "SET SESSION binlog_row_value_options = ''",
                "CREATE USER somebody",
                "SET gtid_next = 'AUTOMATIC:tagged'",
                "ALTER TABLE d.t ADD COLUMN w INT DEFAULT 3",
                "INSERT INTO d.t VALUES (1, 1, 1)",
                "SET gtid_next = 'AUTOMATIC'",
                "UPDATE d.folded SET v = 2");
        stream();
        MySqlLab.Instance target = lab.started(2);
        RestoreResult result = restore(target, new Until.End());
        assertThat(result.unproven())
                .hasSize(2)
                .anyMatch(
                        line ->
                                line.startsWith(
                                        "table d.j is the server's own word from here on: images hold differences of"
                                                + " JSON values"))
                .anyMatch(
                        line ->
                                line.contains(
                                        "d.t is the server's own word from here on: the statement \"ALTER TABLE d.t"));
        assertThat(result.tables().stream().map(t -> t.table() + " " + t.lane()))
                .containsExactlyInAnyOrder("d.folded merged", "d.j ordered", "d.t ordered");
        assertSame(target);
        try (Server server = Server.connect(target.address())) {
            assertThat(server.findValue("SELECT 1 FROM mysql.user WHERE User = 'somebody'"))
                    .isPresent();
            assertThat(server.requireValue("SELECT @@GLOBAL.gtid_purged"))
                    .isEqualTo(server.requireValue("SELECT @@GLOBAL.gtid_executed"))
                    .contains(":tagged:1-2");
        }
    }

    @Test
    void aJsonValueThatNoStatementMakesIsRefusedByName() throws Exception {
        source.run(
                "CREATE DATABASE d",
                "CREATE TABLE d.t (id INT PRIMARY KEY, b BIT(3))",
                "CREATE TABLE d.j (d JSON)",
                "INSERT INTO d.t VALUES (1, 5)");
        backUp();
        source.run("INSERT INTO d.j SELECT JSON_ARRAY(b) FROM d.t");
        stream();
        MySqlLab.Instance target = lab.started(2);
        assertThatThrownBy(() -> restore(target, new Until.End()))
                .isInstanceOfSatisfying(
                        Problem.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining(
                        "a JSON document of d.j holds a value of the type BIT, which no statement puts into one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--innodb-native-foreign-keys=ON", "--innodb-native-foreign-keys=OFF"})
    void whatForeignKeysDidUnloggedIsDoneAgainInOrder(String nativeKeys) throws Exception {
        source = lab.started(3, "--innodb-native-foreign-keys=ON");
        source.run(
                "CREATE DATABASE d",
                "CREATE TABLE d.p (id INT PRIMARY KEY)",
                "CREATE TABLE d.c (id INT PRIMARY KEY, pid INT, CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p (id) ON"
                        + " DELETE CASCADE)",
                "INSERT INTO d.p VALUES (1), (2)",
                "INSERT INTO d.c VALUES (1, 1), (2, 2)");
        backUp();
        source.run("DELETE FROM d.p WHERE id = 1", "INSERT INTO d.c VALUES (3, 2)");
        stream();
        MySqlLab.Instance target = lab.started(2, nativeKeys);
        assertThat(restore(target, new Until.End()).unproven())
                .anyMatch(
                        line ->
                                line.contains(
                                        "d.p is the server's own word from here on: a row was deleted, and the foreign"
                                                + " key fk then changes rows of d.c, which is not in the log"));
        assertSame(target);
    }

    private void backUp() {
        Backup.run(new BackupRequest(archive, address(), 2), RecoveryListener.silent());
    }

    private ServerAddress address() {
        return ServerAddress.parse("mysql://" + source.socket() + "?user=" + user);
    }

    private void stream() throws InterruptedException {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(archive, address()).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
    }

    private List<SegmentEntry> segments() {
        return Archive.open(archive).manifest().segments();
    }

    private RestoreResult restore(MySqlLab.Instance target, Until until) {
        return Restore.run(
                new RestoreRequest(archive, target.address(), until, 2, false, true),
                RecoveryListener.silent());
    }

    private void assertSame(MySqlLab.Instance target) throws Exception {
        assertThat(MySqlRecoveryIT.executed(target)).isEqualTo(MySqlRecoveryIT.executed(source));
        assertThat(MySqlRecoveryIT.checksums(target).differences(MySqlRecoveryIT.checksums(source)))
                .isEmpty();
        try (Server here = Server.connect(target.address());
                Server there = Server.connect(source.address())) {
            assertThat(contents(here)).isEqualTo(contents(there));
        }
    }

    /// What the text of a JSON document does not tell.
    private static String jsonTypes(Server server) {
        server.execute("SET SESSION group_concat_max_len = 1000000");
        return server.requireValue(
                        "SELECT GROUP_CONCAT(id, JSON_TYPE(x.v) ORDER BY id, x.o) FROM torture.typed,"
                                + " JSON_TABLE(JSON_ARRAY(d, e), '$**[*]' COLUMNS (o FOR ORDINALITY, v JSON PATH '$')) x")
                + server.requireValue(
                        "SELECT GROUP_CONCAT(id, JSON_TYPE(x.v) ORDER BY id, x.o) FROM torture.typed,"
                                + " JSON_TABLE(JSON_ARRAY(d, e), '$**.*' COLUMNS (o FOR ORDINALITY, v JSON PATH '$')) x");
    }

    /// Every row of every table, each value in hexadecimal.
    private static List<String> contents(Server server) {
        var all = new ArrayList<String>();
        server.execute("SET SESSION show_gipk_in_create_table_and_information_schema = ON");
        server.execute("SET SESSION group_concat_max_len = 1000000");
        for (var table :
                server.rows(
                        "SELECT CONCAT('`', TABLE_SCHEMA, '`.`', REPLACE(TABLE_NAME, '`', '``'), '`') AS t,"
                                + " (SELECT GROUP_CONCAT('IFNULL(HEX(CAST(`', REPLACE(COLUMN_NAME, '`', '``'), '` AS BINARY)), \\'-\\')'"
                                + " ORDER BY ORDINAL_POSITION SEPARATOR ', \\' \\', ') FROM information_schema.COLUMNS c"
                                + " WHERE c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME) AS c"
                                + " FROM information_schema.TABLES t WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA IN"
                                + " ('torture', 'shop', 'd') ORDER BY 1")) {
            String name = table.find("t").orElseThrow();
            server.rows(
                            "SELECT CONCAT(%s) AS r FROM %s"
                                    .formatted(table.find("c").orElseThrow(), name))
                    .forEach(row -> all.add(name + " " + row.find("r").orElseThrow()));
        }
        return all.stream().sorted().toList();
    }
}
