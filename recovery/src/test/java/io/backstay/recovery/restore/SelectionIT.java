package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.lab.LabServer;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SelectionIT {
    private static final RecoveryLab LAB = new RecoveryLab(136);
    private static Path archive;
    private static LabServer used;

    @BeforeAll
    static void fillAnArchiveAndAServerInUse() throws Exception {
        LabServer source = LAB.started(RecoveryLab.OLD, 1);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE DATABASE e",
                "CREATE TABLE e.owner (id INT PRIMARY KEY, n VARCHAR(9))",
                "CREATE TABLE d.p (id INT PRIMARY KEY, o INT, CONSTRAINT to_e FOREIGN KEY (o) REFERENCES e.owner (id))",
                "CREATE TABLE d.c (id INT PRIMARY KEY, p INT, CONSTRAINT to_p FOREIGN KEY (p) REFERENCES p (id))",
                "CREATE TABLE d.alone (id INT PRIMARY KEY, v INT)",
                "CREATE VIEW d.v AS SELECT id FROM d.p",
                "INSERT INTO e.owner VALUES (1, 'x')",
                "INSERT INTO d.p VALUES (1, 1), (2, 1)",
                "INSERT INTO d.c VALUES (7, 1)",
                "INSERT INTO d.alone VALUES (1, 1)");
        archive = LAB.folder.resolve("a");
        Backup.run(new BackupRequest(archive, address(source), 1), RecoveryListener.silent());
        run(source, "UPDATE d.alone SET v = 100", "INSERT INTO d.c VALUES (8, 2)");
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(archive, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
        source.kill();
        used = LAB.started(RecoveryLab.NEW, 2);
        run(
                used,
                "CREATE DATABASE d",
                "CREATE TABLE d.alone (id INT PRIMARY KEY, mine INT)",
                "INSERT INTO d.alone VALUES (5, 5)");
    }

    @AfterAll
    static void close() {
        LAB.close();
    }

    @Test
    void oneTableGoesUnderAnotherNameIntoAServerInUseOnceItsPlanIsConfirmed() {
        String before = one("SELECT @@gtid_binlog_state");
        Selection wanted =
                new Selection(Set.of(), Set.of("d.alone"), Map.of("d", "d_yesterday"), false);
        Problem refused = refusal(wanted, "");
        assertThat(refused.code()).isEqualTo(ErrorCode.REFUSED);
        assertThat(refused)
                .hasMessageContaining(
                        "is in use (it holds the schema d; its binary log has GTIDs: ")
                .hasMessageContaining("d_yesterday.alone")
                .hasMessageContaining("run it again with `--digest ");
        String message = String.valueOf(refused.getMessage());
        String digest = message.replaceAll("(?s).*`--digest ([0-9a-f]{12})`.*", "$1");
        assertThat(refusal(wanted, "0".repeat(12)))
                .hasMessageContaining("what was confirmed, 000000000000, is another plan than:");
        assertThat(
                        one(
                                "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'd\\_%'"))
                .isEqualTo("0");

        RestoreResult result = restore(wanted, digest);
        assertThat(result.unproven()).isEmpty();
        assertThat(one("SELECT GROUP_CONCAT(v) FROM d_yesterday.alone")).isEqualTo("100");
        assertThat(one("SELECT mine FROM d.alone")).isEqualTo("5");
        assertThat(one("SELECT @@gtid_binlog_state")).isEqualTo(before);
        assertThat(one("SELECT @@read_only")).isEqualTo("0");
    }

    @Test
    void aTakenNameIsRefusedWhateverWasConfirmed() {
        assertThat(
                        refusal(
                                new Selection(Set.of(), Set.of("d.alone"), Map.of(), false),
                                "0".repeat(64)))
                .hasMessageContaining("it holds the table d.alone");
    }

    @Test
    void aForeignKeyThatLeadsOutIsNamedOrLeftOut() {
        Selection one = new Selection(Set.of(), Set.of("d.c"), Map.of("d", "part"), false);
        assertThat(refusal(one, ""))
                .hasMessageStartingWith(
                        "foreign keys lead out of the selection: d.p (parent of d.c by to_p)\nHINT: ");
        Selection without = new Selection(Set.of(), Set.of("d.c"), Map.of("d", "part"), true);
        assertThat(restore(without, digest(without)).notes())
                .contains("foreign key left out: d.p (parent of d.c by to_p)");
        assertThat(one("SELECT COUNT(*) FROM part.c")).isEqualTo("2");
    }

    @Test
    void aRenamedDatabaseKeepsItsForeignKeysAndNamesWhatItLeavesOut() {
        Selection both =
                new Selection(Set.of("d", "e"), Set.of(), Map.of("d", "d2", "e", "e2"), false);
        assertThat(restore(both, digest(both)).notes())
                .contains("left out, make them by hand: VIEW d.v");
        assertThat(
                        one(
                                "SELECT GROUP_CONCAT(CONCAT(CONSTRAINT_NAME, ' ', REFERENCED_TABLE_SCHEMA, '.',"
                                        + " REFERENCED_TABLE_NAME) ORDER BY 1) FROM information_schema.KEY_COLUMN_USAGE"
                                        + " WHERE REFERENCED_TABLE_NAME IS NOT NULL AND TABLE_SCHEMA = 'd2'"))
                .isEqualTo("to_e e2.owner,to_p d2.p");
    }

    @Test
    void aKilledRestoreOfAPartIsGoneOnWithAndNothingElseIsTouched() {
        Selection wanted =
                new Selection(
                        Set.of(),
                        Set.of("d.alone", "e.owner"),
                        Map.of("e", "e3", "d", "d3"),
                        false);
        String digest = digest(wanted);
        assertThatThrownBy(
                        () ->
                                Restore.run(
                                        request(wanted, digest),
                                        CertificateIT.before(
                                                "verify",
                                                () -> {
                                                    throw new IllegalStateException("killed");
                                                })))
                .hasMessage("killed");
        assertThat(restore(wanted, digest).notes())
                .contains("gone on with an earlier run: 2 tables were loaded already");
        assertThat(
                        one(
                                "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'backstay_restore'"))
                .isEqualTo("0");
    }

    @Test
    void aNameThatIsNotInTheBaseIsNamed() {
        assertThat(refusal(new Selection(Set.of("nosuch"), Set.of("d.nor"), Map.of(), false), ""))
                .hasMessageContaining(" has none of that name: d.nor, nosuch\nHINT: ");
    }

    private static String digest(Selection wanted) {
        return Restore.plan(request(wanted, "")).digest(address(used));
    }

    private static RestoreRequest request(Selection wanted, String digest) {
        return RestoreRequest.of(archive, address(used)).withSelection(wanted, digest);
    }

    private static RestoreResult restore(Selection wanted, String digest) {
        return Restore.run(request(wanted, digest), RecoveryListener.silent());
    }

    private static Problem refusal(Selection wanted, String digest) {
        try {
            restore(wanted, digest);
        } catch (Problem e) {
            return e;
        }
        throw new AssertionError("not refused: " + wanted);
    }

    private static String one(String sql) {
        try (Server session = Server.connect(address(used))) {
            return session.requireValue(sql);
        }
    }
}
