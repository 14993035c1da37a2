package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.lab.LabServer;
import io.backstay.lab.MockData;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.Expiry;
import io.backstay.recovery.archive.Rehearsals;
import io.backstay.recovery.archive.Retention;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class RebaseIT {
    private final RecoveryLab lab = new RecoveryLab(141);
    private final Path folder = lab.folder.resolve("a");

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void theNextBaseHoldsWhatTheLogAmountsToAndTheSourceGoesOnFromThere() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        try (Connection root = source.connect()) {
            new MockData(31, 1_000).load(root);
        }
        run(source, "CREATE PROCEDURE shop.p() SELECT 1", "CREATE USER keeper IDENTIFIED BY 'x'");
        Backup.run(new BackupRequest(folder, address(source), 2), RecoveryListener.silent());
        run(source, "UPDATE shop.customer SET credit = credit + 1");
        stream(source);
        Archive archive = Archive.open(folder);
        LabServer scratch = lab.started(RecoveryLab.OLD, 2);
        Rebase.Result result = Rebase.run(archive, address(scratch), 2, RecoveryListener.silent());
        assertThat(result.base()).isPresent();
        assertThat(archive.manifest().bases()).hasSize(2);
        BaseDocument first = archive.document(archive.manifest().bases().getFirst());
        BaseDocument next = archive.document(archive.manifest().bases().getLast());
        assertThat(next.id()).isEqualTo(result.base().orElseThrow().id());
        assertThat(next.source().gtid()).isEqualTo(archive.end().orElseThrow());
        assertThat(next.source().serverId()).isEqualTo(1);
        assertThat(next.accounts()).isEqualTo(first.accounts()).anyMatch(a -> a.contains("keeper"));
        assertThat(next.programs()).isEqualTo(first.programs()).isNotEmpty();
        assertThat(Rehearsals.list(archive)).containsExactly(result.rehearsal());
        assertThat(result.rehearsal().newBase()).isEqualTo(next.id());

        // nothing new in the log: proven again, no base
        assertThat(
                        Rebase.run(
                                        archive,
                                        address(lab.started(RecoveryLab.OLD, 3)),
                                        2,
                                        RecoveryListener.silent())
                                .base())
                .isEmpty();
        assertThat(Rehearsals.list(archive)).hasSize(2);

        // the source goes on; all in front of the next base may go
        run(source, "DELETE FROM shop.order_line WHERE line_no = 1");
        stream(source);
        new Expiry(archive).run(new Retention.Rule(1, null), Instant.now());
        assertThat(new ArchiveVerifier(archive, p -> {}).verify().damages()).isEmpty();
        assertThat(archive.manifest().segments()).hasSize(1);
        LabServer target = lab.started(RecoveryLab.OLD, 4);
        RestoreResult restored =
                Restore.run(RestoreRequest.of(folder, address(target)), RecoveryListener.silent());
        assertThat(restored.baseId()).isEqualTo(next.id());
        assertThat(restored.unproven()).isEmpty();
        assertThat(restored.gtid()).isEqualTo(archive.end().orElseThrow());
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
    }

    @Test
    void aLogThatMayChangeProgramsIsRefusedBeforeAnythingIsDone() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        run(source, "CREATE DATABASE d", "CREATE TABLE d.t (a INT PRIMARY KEY)");
        Backup.run(new BackupRequest(folder, address(source), 1), RecoveryListener.silent());
        run(source, "CREATE PROCEDURE d.p() SELECT 1");
        stream(source);
        assertThatThrownBy(
                        () ->
                                Rebase.run(
                                        Archive.open(folder),
                                        address(source),
                                        1,
                                        RecoveryListener.silent()))
                .hasMessageStartingWith(
                        "cannot rebase: segment segments/00000001.binlog has statements that may");
    }

    @Test
    void aLogThatAServerWouldHaveToExecuteIsRefusedByName() throws Exception {
        LabServer source = lab.started(RecoveryLab.OLD, 1);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (a INT PRIMARY KEY, b INT)",
                "INSERT INTO d.t VALUES (1, 1)");
        Backup.run(new BackupRequest(folder, address(source), 1), RecoveryListener.silent());
        run(source, "SET binlog_row_image = 'MINIMAL'", "UPDATE d.t SET b = 2");
        stream(source);
        assertThatThrownBy(
                        () ->
                                Rebase.run(
                                        Archive.open(folder),
                                        address(source),
                                        1,
                                        RecoveryListener.silent()))
                .hasMessageMatching(
                        "(?s)cannot rebase by net changes: d\\.t: row images lack columns \\(UPDATE rows at"
                                + " binlog\\.\\d+:\\d+, transaction 0-1-4\\)\nHINT: take a new base of the source.*");
        assertThat(Rehearsals.list(Archive.open(folder))).isEmpty();
    }

    private void stream(LabServer source) throws Exception {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
    }
}
