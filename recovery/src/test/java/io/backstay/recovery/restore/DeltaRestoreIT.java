package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.backstay.lab.LabServer;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.restore.RestoreResult.TableResult;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class DeltaRestoreIT {
    private final RecoveryLab lab = new RecoveryLab(140);

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void onlyKeyRangesThatDifferAreReplacedAndTheResultIsProven() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.big (a INT PRIMARY KEY, u INT UNIQUE, v VARCHAR(1000))",
                "CREATE TABLE d.same (a INT PRIMARY KEY, v INT)",
                "CREATE TABLE d.other (a INT PRIMARY KEY, v INT)",
                "CREATE TABLE d.gone (a VARCHAR(9) COLLATE utf8mb4_bin PRIMARY KEY)",
                "CREATE TABLE d.fired (n INT AUTO_INCREMENT PRIMARY KEY)",
                "CREATE TRIGGER d.fires AFTER INSERT ON d.big FOR EACH ROW INSERT INTO d.fired () VALUES ()",
                "INSERT INTO d.same VALUES (1, 1)",
                "INSERT INTO d.other VALUES (1, 1)",
                "INSERT INTO d.gone VALUES ('x')",
                "USE d",
                "INSERT INTO big SELECT seq, seq, REPEAT('y', 1000) FROM seq_1_to_40000",
                "DELETE FROM fired");
        Path archive = lab.folder.resolve("a");
        Backup.run(new BackupRequest(archive, address(source), 1), RecoveryListener.silent());
        LabServer target = lab.started(RecoveryLab.OLD, 2);
        Restore.run(RestoreRequest.of(archive, address(target)), RecoveryListener.silent());
        // the source goes on, the target is damaged
        run(
                source,
                "UPDATE d.big SET v = 'late' WHERE a = 39999",
                "INSERT INTO d.same VALUES (2, 2)");
        stream(archive, source);
        run(
                target,
                "DELETE FROM d.big WHERE a BETWEEN 10 AND 20",
                "ALTER TABLE d.other ADD COLUMN w INT",
                "DROP TABLE d.gone");
        var request = RestoreRequest.of(archive, address(target));
        assertThatThrownBy(() -> Restore.run(request, RecoveryListener.silent()))
                .hasMessageContaining("it holds the schema d");
        assertThatThrownBy(() -> Restore.run(request.asDelta(""), RecoveryListener.silent()))
                .hasMessageContaining("this plan has not been confirmed")
                .hasMessageContaining("key ranges that are right are kept");
        run(target, "CREATE TABLE d.mine (a INT)");
        String digest = Restore.plan(request.asDelta("")).digest(address(target));
        assertThatThrownBy(() -> Restore.run(request.asDelta(digest), RecoveryListener.silent()))
                .hasMessageContaining("it holds the table d.mine, which the base does not have");
        run(target, "DROP TABLE d.mine");

        RestoreResult result = Restore.run(request.asDelta(digest), RecoveryListener.silent());
        assertThat(result.unproven()).isEmpty();
        assertThat(result.tables())
                .extracting(TableResult::table, TableResult::lane)
                .contains(
                        tuple("d.gone", "bulk"),
                        tuple("d.other", "bulk"),
                        tuple("d.fired", "delta 0/1"),
                        tuple("d.same", "delta 1/1"));
        // its first and its last range of at least five
        assertThat(result.tables())
                .filteredOn(t -> t.table().equals("d.big"))
                .singleElement()
                .satisfies(t -> assertThat(t.lane()).matches("delta 2/[5-9]"))
                .satisfies(t -> assertThat(t.bytes()).isLessThan(20_000_000));
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
        assertThat(one(target, "SELECT @@gtid_binlog_pos"))
                .isEqualTo(one(source, "SELECT @@gtid_binlog_pos"));
        assertThat(
                        one(
                                target,
                                "SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'd'"))
                .isEqualTo("1");
        assertThat(one(target, "SELECT @@read_only")).isEqualTo("0");
    }

    private static void stream(Path archive, LabServer source) throws InterruptedException {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(archive, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
    }

    private static String one(LabServer server, String sql) {
        try (Server session = Server.connect(address(server))) {
            return session.requireValue(sql);
        }
    }
}
