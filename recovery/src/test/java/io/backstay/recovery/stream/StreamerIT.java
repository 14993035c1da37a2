package io.backstay.recovery.stream;

import static io.backstay.recovery.RecoveryLab.address;
import static io.backstay.recovery.RecoveryLab.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.binlog.MariaDbGtid;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.lab.LabServer;
import io.backstay.mysql.Server;
import io.backstay.recovery.RecoveryLab;
import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.archive.SegmentEntry;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StreamerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RecoveryLab lab = new RecoveryLab(110);
    private LabServer source;
    private Path folder;

    @BeforeEach
    void backUpASource() {
        source = lab.started(RecoveryLab.OLD, 1);
        run(source, "CREATE DATABASE d", "CREATE TABLE d.t (a INT PRIMARY KEY, b VARCHAR(100))");
        folder = lab.folder.resolve("a");
        Backup.run(new BackupRequest(folder, address(source), 1), RecoveryListener.silent());
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aSegmentHoldsTheSourcesEventsByteForByte() throws Exception {
        insert(1, 20);
        run(source, "ALTER TABLE d.t ADD c INT");
        streamUntilNow();
        SegmentEntry segment = segments().getFirst();
        assertThat(segments()).hasSize(1);
        assertThat(segment.toGtid()).isEqualTo(position(source));
        assertThat(segment.transactions()).isEqualTo(21);
        assertThat(segment.rowEvents()).isEqualTo(20);
        assertThat(segment.tables()).containsExactly("d.t");
        assertThat(segment.hasDdl()).isTrue();
        byte[] ours = Files.readAllBytes(folder.resolve(segment.part().path()));
        byte[] servers = Files.readAllBytes(source.settings().dataDir().resolve(segment.file()));
        int from = (int) segment.firstPosition();
        byte[] theirTail = Arrays.copyOfRange(servers, from, (int) segment.lastPosition());
        assertThat(Arrays.copyOfRange(ours, ours.length - theirTail.length, ours.length))
                .isEqualTo(theirTail);
        assertThat(new ArchiveVerifier(Archive.open(folder), p -> {}).verify().damages()).isEmpty();
    }

    @Test
    void aSecondRunGoesOnWhereTheFirstEnded() throws Exception {
        insert(1, 5);
        streamUntilNow();
        streamUntilNow();
        assertThat(segments()).hasSize(1);
        insert(6, 9);
        run(source, "FLUSH BINARY LOGS");
        insert(10, 12);
        streamUntilNow();
        assertThat(segments()).extracting(SegmentEntry::transactions).containsExactly(5L, 4L, 3L);
        assertThat(Archive.open(folder).end()).contains(position(source));
        assertThat(new ArchiveVerifier(Archive.open(folder), p -> {}).verify().damages()).isEmpty();
    }

    @Test
    void whatIsDurableSurvivesAKillAndATornTailIsCut() throws Exception {
        Path copy = lab.folder.resolve("killed");
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)), RecoveryListener.silent())) {
            insert(1, 50);
            var wanted = MariaDbGtidState.parse(position(source));
            assertThat(streamer.awaitEnd(wanted, PATIENCE)).isTrue();
            // as a kill -9 leaves it: the open files as they are on disk, nothing closed
            copyTree(folder, copy);
        }
        Path open = copy.resolve("open/00000001.binlog");
        byte[] whole = Files.readAllBytes(open);
        Files.write(open, Arrays.copyOf(whole, 300), StandardOpenOption.APPEND);
        var said = OpenSegmentRecovery.run(Archive.open(copy));
        assertThat(said.orElseThrow())
                .startsWith(
                        "took up the open segment: 50 transactions up to "
                                + position(source)
                                + "; cut 300 of ");
        assertThat(Archive.open(copy).end()).contains(position(source));
        assertThat(new ArchiveVerifier(Archive.open(copy), p -> {}).verify().damages()).isEmpty();
        assertThat(OpenSegmentRecovery.run(Archive.open(copy))).isEmpty();
    }

    @Test
    void aCutAtAnyByteOfTheOpenSegmentLeavesWholeTransactions() throws Exception {
        Path copy = lab.folder.resolve("killed");
        String before = position(source);
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)), RecoveryListener.silent())) {
            insert(1, 2);
            assertThat(streamer.awaitEnd(MariaDbGtidState.parse(position(source)), PATIENCE))
                    .isTrue();
            copyTree(folder, copy);
        }
        byte[] whole = Files.readAllBytes(copy.resolve("open/00000001.binlog"));
        long last = Long.parseLong(before.substring(4));
        long found = 0;
        for (int length = 0; length <= whole.length; length += 7) {
            Path one = lab.folder.resolve("cut" + length);
            copyTree(copy, one);
            Files.write(one.resolve("open/00000001.binlog"), Arrays.copyOf(whole, length));
            OpenSegmentRecovery.run(Archive.open(one));
            long end = Long.parseLong(Archive.open(one).end().orElseThrow().substring(4));
            assertThat(end).isBetween(Math.max(last, found), last + 2);
            found = end;
            assertThat(new ArchiveVerifier(Archive.open(one), p -> {}).verify().damages())
                    .isEmpty();
        }
    }

    @Test
    void aRollMakesAllUpToNowVisibleWhileTheStreamGoesOn() throws Exception {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)), RecoveryListener.silent())) {
            insert(1, 5);
            String position = position(source);
            assertThat(streamer.awaitEnd(MariaDbGtidState.parse(position), PATIENCE)).isTrue();
            assertThat(segments()).isEmpty();
            assertThat(OpenSegmentRecovery.run(Archive.open(folder)))
                    .contains("a stream is at work: the segment it is writing does not count yet");
            assertThat(streamer.roll(PATIENCE)).isTrue();
            assertThat(Archive.open(folder).end()).contains(position);
            insert(6, 7);
            assertThat(streamer.awaitEnd(MariaDbGtidState.parse(position(source)), PATIENCE))
                    .isTrue();
        }
        assertThat(segments()).extracting(SegmentEntry::transactions).containsExactly(5L, 2L);
        assertThat(new ArchiveVerifier(Archive.open(folder), p -> {}).verify().damages()).isEmpty();
    }

    @Test
    void aRestartOfTheSourceIsWaitedFor() throws Exception {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)), RecoveryListener.silent())) {
            insert(1, 5);
            assertThat(streamer.awaitEnd(MariaDbGtidState.parse(position(source)), PATIENCE))
                    .isTrue();
            source.kill();
            source.start();
            insert(6, 9);
            assertThat(streamer.awaitEnd(MariaDbGtidState.parse(position(source)), PATIENCE))
                    .isTrue();
        }
        assertThat(Archive.open(folder).end()).contains(position(source));
        assertThat(segments().stream().mapToLong(SegmentEntry::transactions).sum()).isEqualTo(9);
    }

    @Test
    void aCommitIsAnsweredOnlyWhenItIsDurableInTheArchive() throws Exception {
        run(
                source,
                "SET GLOBAL rpl_semi_sync_master_enabled = ON",
                "SET GLOBAL rpl_semi_sync_master_wait_point = AFTER_SYNC",
                "SET GLOBAL rpl_semi_sync_master_timeout = 60000");
        StreamRequest request =
                StreamRequest.of(folder, address(source)).semiSync().withSegmentBytes(2_000);
        try (Streamer streamer = Streamer.start(request, RecoveryListener.silent());
                Connection client = source.connect();
                Statement statement = client.createStatement()) {
            awaitStatus("Rpl_semi_sync_master_clients", "1");
            for (int i = 1; i <= 200; i++) {
                statement.execute("INSERT INTO d.t VALUES (" + i + ", REPEAT('x', 90))");
                try (ResultSet row = statement.executeQuery("SELECT @@last_gtid")) {
                    row.next();
                    // without waiting: it must be there before the client is told
                    assertThat(streamer.archiveEnd().has(MariaDbGtid.parse(row.getString(1))))
                            .as("transaction %d", i)
                            .isTrue();
                }
            }
            Thread.sleep(2_500); // a heartbeat comes every two seconds
            statement.execute("INSERT INTO d.t VALUES (201, '')");
            awaitStatus("Rpl_semi_sync_master_no_tx", "0");
            awaitStatus("Rpl_semi_sync_master_yes_tx", "201");
        }
        assertThat(segments()).hasSizeGreaterThan(5);
        assertThat(new ArchiveVerifier(Archive.open(folder), p -> {}).verify().damages()).isEmpty();
    }

    @Test
    void aSourceThatDoesNotWaitIsRefused() {
        assertThatThrownBy(
                        () -> {
                            try (Streamer streamer =
                                    Streamer.start(
                                            StreamRequest.of(folder, address(source)).semiSync(),
                                            RecoveryListener.silent())) {
                                streamer.awaitEnd();
                            }
                        })
                .hasMessageContaining("rpl_semi_sync_master_enabled is OFF");
    }

    private void awaitStatus(String name, String wanted) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        try (Server server = Server.connect(address(source))) {
            String found = "";
            while (!found.equals(wanted) && System.nanoTime() < until) {
                found =
                        server.rows("SHOW GLOBAL STATUS LIKE '" + name + "'")
                                .getFirst()
                                .find("Value")
                                .orElse("");
                Thread.sleep(20);
            }
            assertThat(found).as(name).isEqualTo(wanted);
        }
    }

    @Test
    void aStreamTurnsToAnotherMemberOfTheCluster() throws Exception {
        LabServer replica = lab.started(RecoveryLab.OLD, 2);
        follow(replica, source);
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)), RecoveryListener.silent())) {
            insert(1, 20);
            assertThat(streamer.awaitEnd(MariaDbGtidState.parse(position(source)), PATIENCE))
                    .isTrue();
            awaitApplied(replica, position(source));
            source.kill();
            run(replica, "STOP SLAVE", "RESET SLAVE ALL", "INSERT INTO d.t VALUES (100, 'after')");
            streamer.follow(address(replica));
            assertThat(
                            streamer.awaitEnd(
                                    MariaDbGtidState.parse("0-2-" + number(position(replica))),
                                    PATIENCE))
                    .isTrue();
        }
        assertThat(Archive.open(folder).end()).contains(position(replica));
        assertThat(segments()).extracting(SegmentEntry::serverId).containsExactly(1L, 2L);
        assertThat(segments().getLast().transactions()).isEqualTo(1);
        assertThat(new ArchiveVerifier(Archive.open(folder), p -> {}).verify().damages()).isEmpty();
    }

    @Test
    void aMemberWithAHoleIsRefused() throws Exception {
        streamUntilNow();
        run(source, "SET SESSION gtid_seq_no = 500", "INSERT INTO d.t VALUES (1, 'x')");
        String before = Archive.open(folder).end().orElseThrow();
        assertThatThrownBy(this::streamUntilNow)
                .hasMessageContaining("gap in the log: behind GTID");
        assertThat(new ArchiveVerifier(Archive.open(folder), p -> {}).verify().damages()).isEmpty();
        assertThat(number(Archive.open(folder).end().orElseThrow()))
                .isLessThan(500)
                .isGreaterThanOrEqualTo(number(before));
    }

    @Test
    void aSourceThatHasPurgedTheLogFailsTheStream() throws Exception {
        insert(1, 3);
        run(
                source,
                "FLUSH BINARY LOGS",
                "FLUSH BINARY LOGS",
                "INSERT INTO d.t VALUES (50, 'x')",
                "FLUSH BINARY LOGS");
        purgeAllButTheNewest();
        assertThatThrownBy(
                        () -> {
                            try (Streamer streamer =
                                    Streamer.start(
                                            StreamRequest.of(folder, address(source))
                                                    .withPatience(Duration.ofMillis(500)),
                                            RecoveryListener.silent())) {
                                streamer.awaitEnd();
                            }
                        })
                .hasMessageContaining("cannot send its binary log from where it was asked to")
                .hasMessageContaining("HINT: it has purged that part or never had it");
        Archive.open(folder).lock("stream").close();
    }

    /// The server keeps a file for a moment after it was rotated away.
    private void purgeAllButTheNewest() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Server server = Server.connect(address(source))) {
            String newest = server.rows("SHOW MASTER STATUS").getFirst().require("File");
            while (server.rows("SHOW BINARY LOGS").size() > 1) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                server.execute("PURGE BINARY LOGS TO '" + newest + "'");
            }
        }
    }

    private void streamUntilNow() throws InterruptedException {
        try (Streamer streamer =
                Streamer.start(
                        StreamRequest.of(folder, address(source)).untilNow(),
                        RecoveryListener.silent())) {
            streamer.awaitEnd();
        }
    }

    private void insert(int from, int to) {
        String[] statements = new String[to - from + 1];
        for (int i = from; i <= to; i++) {
            statements[i - from] = "INSERT INTO d.t (a, b) VALUES (" + i + ", REPEAT('x', 50))";
        }
        run(source, statements);
    }

    private List<SegmentEntry> segments() {
        return Archive.open(folder).manifest().segments();
    }

    private static String position(LabServer server) {
        try (Server session = Server.connect(address(server))) {
            return session.requireValue("SELECT @@gtid_binlog_pos");
        }
    }

    private static long number(String gtid) {
        return Long.parseLong(gtid.substring(gtid.lastIndexOf('-') + 1));
    }

    private static void follow(LabServer replica, LabServer source) throws Exception {
        try (var root = replica.connect()) {
            io.backstay.lab.Replication.follow(root, source.settings());
        }
    }

    private static void awaitApplied(LabServer replica, String position) throws Exception {
        try (var root = replica.connect()) {
            io.backstay.lab.Replication.awaitApplied(root, position, PATIENCE);
        }
    }

    static void copyTree(Path from, Path to) throws Exception {
        try (var all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }
}
