package io.backstay.recovery.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.backstay.lab.TableChecksums;
import io.backstay.mysql.Server;
import io.backstay.recovery.MySqlLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.restore.RestoreResult.TableResult;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("matrix")
@Timeout(300)
class MySqlDeltaIT {
    private final MySqlLab lab = new MySqlLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void onlyKeyRangesThatDifferAreReplacedAndTheResultIsProven() throws Exception {
        MySqlLab.Instance source = lab.started(1);
        source.run(
                "CREATE DATABASE d",
                "CREATE TABLE d.big (a INT PRIMARY KEY, u INT UNIQUE, j JSON, v VARCHAR(1000))",
                "CREATE TABLE d.same (a INT PRIMARY KEY, v INT)",
                "CREATE TABLE d.other (a INT PRIMARY KEY, v INT)",
                "CREATE TABLE d.gone (a VARCHAR(9) COLLATE utf8mb4_bin PRIMARY KEY)",
                "CREATE TABLE d.fired (n INT AUTO_INCREMENT PRIMARY KEY)",
                "CREATE TRIGGER d.fires AFTER INSERT ON d.big FOR EACH ROW INSERT INTO d.fired () VALUES ()",
                "INSERT INTO d.same VALUES (1, 1)",
                "INSERT INTO d.other VALUES (1, 1)",
                "INSERT INTO d.gone VALUES ('x')",
                "SET SESSION cte_max_recursion_depth = 100000",
                "INSERT INTO d.big WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 40000)"
                        + " SELECT n, n, JSON_ARRAY(n, CAST(1.10 AS DECIMAL(5,2))), REPEAT('y', 1000) FROM s",
                "DELETE FROM d.fired");
        Path archive = lab.folder.resolve("a");
        Backup.run(new BackupRequest(archive, source.address(), 1), RecoveryListener.silent());
        MySqlLab.Instance target = lab.started(2);
        Restore.run(RestoreRequest.of(archive, target.address()), RecoveryListener.silent());
        // the source goes on, the target is damaged
        source.run(
                "UPDATE d.big SET v = 'late' WHERE a = 39999", "INSERT INTO d.same VALUES (2, 2)");
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(archive, source.address()).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
        target.run(
                "DELETE FROM d.big WHERE a BETWEEN 10 AND 20",
                "UPDATE d.big SET j = JSON_SET(j, '$[1]', 1.10e0) WHERE a = 25",
                "ALTER TABLE d.other ADD COLUMN w INT",
                "DROP TABLE d.gone");
        var request = RestoreRequest.of(archive, target.address());
        assertThatThrownBy(() -> Restore.run(request.asDelta(""), RecoveryListener.silent()))
                .hasMessageContaining("this plan has not been confirmed");
        String digest = Restore.plan(request.asDelta("")).digest(target.address());
        var redoLog = new RedoLogWatch(target);
        RestoreResult result = Restore.run(request.asDelta(digest), redoLog);
        assertThat(redoLog.wasOff).as("the redo log of a server with data").isFalse();
        assertThat(result.unproven()).isEmpty();
        assertThat(result.tables())
                .extracting(TableResult::table, TableResult::lane)
                .contains(
                        tuple("d.gone", "bulk"),
                        tuple("d.other", "bulk"),
                        tuple("d.fired", "delta 0/1"),
                        tuple("d.same", "delta 1/1"));
        assertThat(result.tables())
                .filteredOn(t -> t.table().equals("d.big"))
                .singleElement()
                .satisfies(t -> assertThat(t.lane()).matches("delta 2/[5-9]"));
        try (Server here = Server.connect(target.address());
                Server there = Server.connect(source.address())) {
            assertThat(
                            TableChecksums.of(here.connection())
                                    .differences(TableChecksums.of(there.connection())))
                    .isEmpty();
            assertThat(here.requireValue("SELECT JSON_TYPE(j->'$[1]') FROM d.big WHERE a = 25"))
                    .isEqualTo("DECIMAL");
            String state = "SELECT @@GLOBAL.gtid_executed";
            assertThat(here.requireValue(state)).isEqualTo(there.requireValue(state));
            assertThat(here.requireValue("SELECT @@read_only")).isEqualTo("0");
            assertThat(
                            here.findValue(
                                    "SELECT 1 FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'd'"))
                    .isPresent();
        }
    }

    /// Looks at each phase.
    private static final class RedoLogWatch implements RecoveryListener {
        private final MySqlLab.Instance server;
        private boolean wasOff;

        private RedoLogWatch(MySqlLab.Instance server) {
            this.server = server;
        }

        @Override
        public void phase(String name) {
            if (name.equals("load") || name.equals("verify")) {
                try (Server look = Server.connect(server.address())) {
                    wasOff |=
                            look.rows("SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_enabled'")
                                    .toString()
                                    .contains("OFF");
                }
            }
        }

        @Override
        public void table(String qualifiedName, long rows, long bytes, boolean isDone) {}

        @Override
        public void note(String text) {}
    }
}
