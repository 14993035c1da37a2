package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.checksums;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.lab.LabServer;
import io.backstay.lab.MockData;
import io.backstay.lab.Replication;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerVersion;
import io.backstay.recovery.LabCopies;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.archive.BaseEntry;
import io.backstay.recovery.archive.CopyEntry;
import io.backstay.recovery.archive.Expiry;
import io.backstay.recovery.archive.PartEntry;
import io.backstay.recovery.archive.Retention;
import io.backstay.recovery.archive.store.ArchiveAddress;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.proof.Certificate;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class FolderRestoreIT {
    private final RecoveryLab lab = new RecoveryLab(143);
    private final Path folder = lab.folder.resolve("a");
    private final List<Certificate> certificates = new ArrayList<>();
    private LabServer source;
    private Archive archive;

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void theFilesOfABaseAndTheLogBehindItAreTheSourceAndItsReplica() throws Exception {
        rebased();
        // the log goes on behind the base that has files
        run(
                source,
                "SET gtid_domain_id = 5",
                "UPDATE shop.customer SET score = 9 WHERE id < 20",
                "SET gtid_domain_id = 0",
                "DELETE FROM shop.order_line WHERE line_no = 2");
        stream();
        LabServer target = served(2, "binlog");
        FolderRestore.Result result = restore(target, new Until.End(), "binlog");
        assertThat(result.unproven()).isEmpty();
        assertThat(result.transactions()).isEqualTo(2);
        assertThat(result.changed()).isPositive();
        assertThat(result.gtid()).isEqualTo(one(source, "SELECT @@gtid_binlog_pos"));
        assertThat(certificates.getFirst().coverage().transactions()).isEqualTo(2);
        assertThat(certificates.getFirst().provesAll()).isTrue();
        Files.writeString(
                target.settings().dataDir().resolve("backstay-opened-by"), RecoveryLab.OLD);
        target.start();
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
        assertThat(one(target, "SELECT @@gtid_binlog_state"))
                .isEqualTo(one(source, "SELECT @@gtid_binlog_state"));
        // its accounts are the source's, none of ours, and events are off
        assertThat(accounts(target)).isEqualTo(accounts(source));
        assertThat(one(target, "SELECT STATUS FROM information_schema.EVENTS"))
                .isEqualTo("DISABLED");
        try (Connection root = target.connect()) {
            run(source, "INSERT INTO shop.u VALUES (11)");
            Replication.follow(root, source.settings());
            Replication.awaitApplied(
                    root, one(source, "SELECT @@gtid_binlog_pos"), Duration.ofSeconds(60));
        }
        assertThat(checksums(target).differences(checksums(source))).isEmpty();
        assertThatThrownBy(() -> restore(target, new Until.End(), ""))
                .hasMessageContaining(" is not empty: it holds ");
    }

    @Test
    void aBasesOwnPointIsRestoredAndWhatIsDamagedIsNot() throws Exception {
        BaseEntry base = rebased();
        run(source, "CREATE TABLE shop.later (id INT PRIMARY KEY)");
        stream();
        LabServer target = served(2, "");
        assertThatThrownBy(() -> restore(target, new Until.End(), ""))
                .hasMessageContaining("go on from ");
        // that run left its mark: the next one begins anew
        assertThat(target.settings().dataDir().resolve(FolderRestore.MARK)).exists();
        // but not under a server that somebody started on it
        Files.writeString(
                target.settings().dataDir().resolve("backstay-opened-by"), RecoveryLab.OLD);
        target.start();
        assertThatThrownBy(() -> restore(target, Until.parse(base.gtid()), ""))
                .hasMessageContaining(" is in use: a server holds ");
        assertThat(one(target, "SELECT COUNT(*) FROM shop.customer")).isNotEqualTo("0");
        target.stop(Duration.ofMinutes(1));
        FolderRestore.Result result = restore(target, Until.parse(base.gtid()), "");
        assertThat(result.isProven()).isTrue();
        assertThat(result.transactions()).isZero();
        assertThat(target.settings().dataDir().resolve(FolderRestore.MARK)).doesNotExist();

        assertThat(new ArchiveVerifier(archive, p -> {}).verify().isSound()).isTrue();
        CopyEntry copy = archive.manifest().copies().getFirst();
        PartEntry piece =
                archive.copies().document(copy).files().stream()
                        .flatMap(file -> file.pieces().stream())
                        .filter(part -> part.lengthBytes() > 100)
                        .findFirst()
                        .orElseThrow();
        Path file = folder.resolve(piece.path());
        byte[] bytes = Files.readAllBytes(file);
        bytes[50] ^= 1;
        Files.write(file, bytes);
        assertThat(new ArchiveVerifier(archive, p -> {}).verify().damages())
                .anyMatch(damage -> damage.part().equals(piece.path()));
        assertThatThrownBy(() -> restore(served(3, ""), Until.parse(base.gtid()), ""))
                .hasMessageContaining(piece.path())
                .hasMessageContaining("CRC32C");

        // its files go with a base
        Backup.run(new BackupRequest(folder, address(source), 1), RecoveryListener.silent());
        new Expiry(archive).run(new Retention.Rule(1, null), Instant.now());
        assertThat(archive.manifest().copies()).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void filesThatAreNotTheBaseAreNotProven() throws Exception {
        rebased(
                "UPDATE shop.u SET id = 8",
                "CREATE TABLE shop.more (id INT PRIMARY KEY)",
                "ALTER TABLE shop.product COMMENT 'other'");
        LabServer target = served(2, "");
        FolderRestore.Result result = restore(target, new Until.End(), "");
        assertThat(result.unproven())
                .hasSize(3)
                .anyMatch(why -> why.startsWith("table shop.u, all rows: loaded 1:"))
                .contains(
                        "the files hold the table shop.more, the base does not",
                        "table shop.product is not defined in the files as it is in the base");
        assertThat(certificates.getFirst().provesAll()).isFalse();
        // it is whole, and may be all that somebody has: never emptied for another run
        assertThat(target.settings().dataDir().resolve(FolderRestore.MARK)).doesNotExist();
        assertThat(target.settings().dataDir().resolve(FolderRestore.UNPROVEN)).exists();
        assertThatThrownBy(() -> restore(target, new Until.End(), ""))
                .hasMessageContaining("is not empty");
        assertThat(target.settings().dataDir().resolve("ibdata1")).exists();
    }

    /// A source, an archive of it, and its next base with files.
    ///
    /// @param damage statements that make the files another thing than the base
    private BaseEntry rebased(String... damage) throws Exception {
        source = lab.started(RecoveryLab.OLD, 1);
        try (Connection root = source.connect()) {
            new MockData(61, 1_000).load(root);
        }
        run(
                source,
                "CREATE TABLE shop.u (id INT PRIMARY KEY)",
                "CREATE EVENT shop.e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
                "CREATE USER keeper@'10.%' IDENTIFIED BY 'x'",
                "GRANT SELECT ON shop.* TO keeper@'10.%'");
        Backup.run(new BackupRequest(folder, address(source), 2), RecoveryListener.silent());
        run(
                source,
                "UPDATE shop.customer SET credit = credit + 1",
                "INSERT INTO shop.u VALUES (7)");
        stream();
        archive = Archive.open(folder);
        LabServer scratch =
                lab.started(RecoveryLab.OLD, 9, "--innodb-data-file-path=ibdata1:12M:autoextend");
        BaseEntry base =
                Rebase.run(archive, address(scratch), 2, RecoveryListener.silent())
                        .base()
                        .orElseThrow();
        run(scratch, damage);
        scratch.stop(Duration.ofMinutes(1));
        try (var servers = new LabCopies(lab.folder.resolve("copies"))) {
            CopyEntry kept =
                    RebaseFiles.keep(
                            archive,
                            base,
                            scratch.settings().dataDir(),
                            ServerVersion.parse(RecoveryLab.OLD + "-MariaDB"),
                            servers,
                            2);
            assertThat(archive.manifest().copyOf(base)).contains(kept);
        }
        return base;
    }

    /// A server that has no data directory yet.
    private LabServer served(int host, String logName) {
        return lab.absent(
                RecoveryLab.OLD,
                host,
                "--innodb-data-file-path=ibdata1:12M:autoextend",
                logName.isEmpty() ? "--skip-log-bin" : "--log-bin=" + logName);
    }

    private FolderRestore.Result restore(LabServer target, Until until, String logName) {
        try (var servers = new LabCopies(lab.folder.resolve("copies"))) {
            return FolderRestore.run(
                    new FolderRequest(
                            ArchiveAddress.of(folder),
                            target.settings().dataDir(),
                            until,
                            2,
                            logName),
                    servers,
                    RecoveryListener.silent(),
                    new Certification(Optional.empty(), certificates::add));
        }
    }

    private void stream() throws InterruptedException {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
    }

    private static List<String> accounts(LabServer server) {
        try (Server session = Server.connect(address(server))) {
            return session
                    .rows(
                            "SELECT CONCAT(User, '@', Host, ' ', authentication_string) AS a FROM mysql.user ORDER BY 1")
                    .stream()
                    .map(row -> row.find("a").orElse(""))
                    .toList();
        }
    }

    private static String one(LabServer server, String sql) {
        try (Server session = Server.connect(address(server))) {
            return session.requireValue(sql);
        }
    }
}
