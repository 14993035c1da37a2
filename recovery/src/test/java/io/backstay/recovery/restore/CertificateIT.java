package io.backstay.recovery.restore;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventType;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.lab.LabServer;
import io.backstay.ledger.seal.SigningKey;
import io.backstay.ledger.seal.TrustedKeys;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.fold.ReadPages;
import io.backstay.recovery.proof.Certificate;
import io.backstay.recovery.proof.CertificateFile;
import io.backstay.recovery.proof.LogCoverage;
import io.backstay.recovery.proof.Witness;
import io.backstay.recovery.stream.StreamRequest;
import io.backstay.recovery.stream.Streamer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class CertificateIT {
    private static final RecoveryLab LAB = new RecoveryLab(135);
    private static final SigningKey KEY = SigningKey.generate();
    private static final TrustedKeys TRUSTED = TrustedKeys.none().with("restorer", KEY.publicKey());
    private static final String UNLOGGED = "SET sql_log_bin = 0";
    private static LabServer source;
    private static Path archive;

    @BeforeAll
    static void fillAnArchive() throws Exception {
        source = LAB.started(RecoveryLab.OLD, 1);
        run(
                source,
                "CREATE DATABASE d",
                "CREATE TABLE d.t (id INT UNSIGNED, n SMALLINT, c VARCHAR(40), b BLOB, f FLOAT, m DECIMAL(9,3), ts"
                        + " TIMESTAMP(3) NULL, dt DATETIME, da DATE, ti TIME(2), PRIMARY KEY (id)) CHARSET utf8mb4",
                "CREATE TABLE d.big (a BIGINT, b INT, v VARCHAR(1000), PRIMARY KEY (a, b))",
                "CREATE TABLE d.s (k VARCHAR(20) COLLATE utf8mb4_bin PRIMARY KEY, v INT)",
                "USE d",
                "INSERT INTO t SELECT seq, CAST(seq AS SIGNED) - 500, CONCAT('r', seq), 'x', seq / 7, seq / 8, '2024-01-02"
                        + " 03:04:05.678', '1999-12-31 23:59:59', '2000-02-29', '-11:12:13.5' FROM seq_1_to_1000",
                // more than three chunks of 8 MiB
                "INSERT INTO big SELECT seq * 1000, 1, REPEAT('y', 1000) FROM seq_1_to_30000",
                "INSERT INTO s VALUES ('a', 1), ('b', 2)");
        archive = LAB.folder.resolve("a");
        Backup.run(new BackupRequest(archive, address(source), 1), RecoveryListener.silent());
        run(
                source,
                "USE d",
                "UPDATE t SET n = -n, c = CONCAT('q''\\\\\\t\\n', CHAR(0), 'ü', id) WHERE id % 3 = 0",
                "DELETE FROM t WHERE id % 5 = 0",
                "INSERT INTO t VALUES (4294967295, -32768, NULL, X'00ff0a', 1.5, -0.125, NULL, NULL, NULL, NULL)",
                "UPDATE big SET v = CONCAT('z', a) WHERE a % 7000 = 0",
                "DELETE FROM big WHERE a BETWEEN 5000000 AND 6000000",
                "UPDATE s SET v = 9");
        stream();
        run(source, "INSERT INTO d.t (id) VALUES (5000)", "DELETE FROM d.t WHERE id = 999");
        stream();
    }

    private static void stream() throws InterruptedException {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(archive, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
    }

    @AfterAll
    static void close() {
        LAB.close();
    }

    @Test
    void aCertificateNamesEachRangeAndTheWholeLogAndIsCheckedOffline() throws Exception {
        LabServer target = LAB.started(RecoveryLab.NEW, 2);
        Path file = LAB.folder.resolve("certificates/one.json");
        var result =
                Restore.run(
                        RestoreRequest.of(archive, address(target)),
                        RecoveryListener.silent(),
                        new Certification(
                                witness(), kept -> CertificateFile.write(file, kept, KEY)));
        target.kill();
        assertThat(result.unproven()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Certificate certificate = genuine(file);
        assertThat(certificate.provesAll()).isTrue();
        assertThat(certificate.target().confirmedBy()).isEqualTo("proven empty");
        assertThat(certificate.coverage().stretches())
                .extracting(LogCoverage.Stretch::joined)
                .containsExactly("gtid", "position");
        assertThat(certificate.coverage().to()).isEqualTo(result.gtid());
        assertThat(certificate.coverage().transactions()).isEqualTo(result.transactions());
        var big =
                certificate.tables().stream()
                        .filter(t -> t.table().equals("d.big"))
                        .findFirst()
                        .orElseThrow();
        assertThat(big.ranges()).hasSizeGreaterThan(2);
        assertThat(big.ranges().getFirst().keys()).startsWith("a < ");
        assertThat(big.ranges())
                .allSatisfy(range -> assertThat(range.loaded()).isEqualTo(range.found()));

        // one byte of what was signed
        String text = Files.readString(file);
        int at = text.indexOf("\"payload\":\"") + 40;
        Files.writeString(
                file,
                text.substring(0, at)
                        + (text.charAt(at) == 'A' ? 'B' : 'A')
                        + text.substring(at + 1));
        assertThat(CertificateFile.check(file, TRUSTED))
                .isInstanceOf(CertificateFile.Checked.Rejected.class);
        assertThat(CertificateFile.check(file, TrustedKeys.none()))
                .isInstanceOf(CertificateFile.Checked.Rejected.class);
    }

    @Test
    void aRowThatTheServerHoldsOtherwiseIsToldByItsKeyRangeAndTheServerStaysFenced() {
        LabServer target = LAB.started(RecoveryLab.OLD, 3);
        var kept = new ArrayList<Certificate>();
        RestoreResult result =
                Restore.run(
                        RestoreRequest.of(archive, address(target)),
                        before(
                                "verify",
                                () ->
                                        run(
                                                target,
                                                UNLOGGED,
                                                "UPDATE d.big SET b = 2 WHERE a = 29999000")),
                        new Certification(witness(), kept::add));
        assertThat(result.unproven()).singleElement().asString().startsWith("table d.big, a >= ");
        assertThat(kept.getFirst().provesAll()).isFalse();
        assertThat(kept.getFirst().unproven()).isEqualTo(result.unproven());
        assertThat(result.notes())
                .contains(
                        "the schema backstay_restore stays, the server is read_only and has no GTID state; the same restore again loads those tables anew");

        // the same again loads that table anew
        RestoreResult again =
                Restore.run(RestoreRequest.of(archive, address(target)), RecoveryListener.silent());
        assertThat(again.isProven()).isTrue();
        assertThat(again.notes())
                .contains("gone on with an earlier run: 2 tables were loaded already");
        target.kill();
    }

    @Test
    void aCertificateThatCannotBeKeptLeavesARestoreThatIsGoneOnWith() {
        LabServer target = LAB.started(RecoveryLab.OLD, 4);
        var certification =
                new Certification(
                        Optional.empty(),
                        _ -> {
                            throw new IllegalStateException("no room");
                        });
        assertThatThrownBy(
                        () ->
                                Restore.run(
                                        RestoreRequest.of(archive, address(target)),
                                        RecoveryListener.silent(),
                                        certification))
                .hasMessage("no room");
        RestoreResult again =
                Restore.run(RestoreRequest.of(archive, address(target)), RecoveryListener.silent());
        assertThat(again.isProven()).isTrue();
        assertThat(again.notes())
                .contains("gone on with an earlier run: 3 tables were loaded already");
        target.kill();
    }

    @Test
    void aMissingEventAndAMissingTransactionAreHoles() {
        Archive there = Archive.open(archive);
        SegmentEntry segment = there.manifest().segments().getFirst();
        var base = MariaDbGtidState.parse(there.manifest().bases().getFirst().gtid());
        try (BinlogFile file = BinlogFile.open(there.resolve(segment.part()))) {
            assertThat(
                            LogCoverage.of(
                                            base,
                                            List.of(segment),
                                            List.of(),
                                            List.of(file.bytes()),
                                            new ReadPages(true))
                                    .holes())
                    .isEmpty();
            assertThat(
                            holes(
                                    base,
                                    segment,
                                    without(file, EventType.TABLE_MAP, EventType.TABLE_MAP)))
                    .singleElement()
                    .asString()
                    .contains("the event ends at position ");
            assertThat(holes(base, segment, without(file, EventType.GTID, EventType.XID)))
                    .singleElement()
                    .asString()
                    .contains(", and the positions do not go on");
        }
    }

    private static List<String> holes(MariaDbGtidState base, SegmentEntry segment, byte[] bytes) {
        return LogCoverage.of(
                        base,
                        List.of(segment),
                        List.of(),
                        List.of(MemorySegment.ofArray(bytes)),
                        new ReadPages(false))
                .holes();
    }

    /// The file without the events from the second of the first type to the next of the other.
    private static byte[] without(BinlogFile file, EventType first, EventType last) {
        BinlogReader reader = file.reader();
        long from = -1;
        int seen = 0;
        while (reader.next()) {
            if (from < 0 && reader.type() == first && ++seen == 2) {
                from = reader.offset();
            }
            if (from >= 0 && reader.type() == last) {
                long to = reader.offset() + reader.sizeBytes();
                byte[] all = file.bytes().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
                byte[] cut = new byte[(int) (all.length - (to - from))];
                System.arraycopy(all, 0, cut, 0, (int) from);
                System.arraycopy(all, (int) to, cut, (int) from, (int) (all.length - to));
                return cut;
            }
        }
        throw new AssertionError("no such events");
    }

    @Test
    void theStandardToolSeesARowThatIsNotAsTheLogLeftIt() {
        if (witness().isEmpty()) {
            System.err.println(
                    "not run: mariadb-binlog is not on the PATH, so there is no witness to test");
            return;
        }
        LabServer target = LAB.started(RecoveryLab.OLD, 5);
        var kept = new ArrayList<Certificate>();
        Consumer<String> change = sql -> run(target, UNLOGGED, sql);
        Restore.run(
                RestoreRequest.of(archive, address(target)),
                before("verify", () -> change.accept("UPDATE d.t SET n = 7 WHERE id % 3 = 0")),
                new Certification(witness(), kept::add));
        target.kill();
        Witness.Report report = kept.getFirst().witness();
        assertThat(report.by()).isEqualTo("mariadb-binlog");
        assertThat(report.tables())
                .extracting(t -> t.table() + " " + t.rows() + " " + t.columns())
                .containsExactly("d.big 200 3 of 3", "d.t 200 9 of 10");
        assertThat(report.notWitnessed()).containsExactly("d.s: its key has a varchar");
        assertThat(report.differences())
                .isNotEmpty()
                .allSatisfy(said -> assertThat(said).matches("table d.t, key \\d+, column n: .*"));
    }

    private static Optional<Witness> witness() {
        return Witness.find();
    }

    private static Certificate genuine(Path file) {
        return switch (CertificateFile.check(file, TRUSTED)) {
            case CertificateFile.Checked.Genuine genuine -> genuine.certificate();
            case CertificateFile.Checked.Rejected rejected ->
                    throw new AssertionError(rejected.reason());
        };
    }

    /// Does something when a phase begins.
    static RecoveryListener before(String wanted, Runnable act) {
        return new RecoveryListener() {
            @Override
            public void phase(String name) {
                if (name.equals(wanted)) {
                    act.run();
                }
            }

            @Override
            public void table(String qualifiedName, long rows, long bytes, boolean isDone) {}

            @Override
            public void note(String text) {}
        };
    }
}
