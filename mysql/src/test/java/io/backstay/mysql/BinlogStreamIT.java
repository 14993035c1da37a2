package io.backstay.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.binlog.BinlogFile;
import io.backstay.binlog.BinlogReader;
import io.backstay.binlog.EventType;
import io.backstay.binlog.GtidEvent;
import io.backstay.binlog.MariaDbGtidState;
import io.backstay.binlog.RawEvent;
import io.backstay.doors.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinlogStreamIT {
    private static final String ADDRESS = "127.32.1.11";

    private static List<RawEvent> untilNow(RealServer server, MariaDbGtidState after) {
        var events = new ArrayList<RawEvent>();
        try (var stream =
                BinlogStream.open(
                        server.address(),
                        after,
                        BinlogStream.newServerId(),
                        BinlogStream.Mode.UNTIL_NOW)) {
            stream.run(events::add);
        }
        return events;
    }

    @ParameterizedTest
    @ValueSource(strings = {RealServer.OLD, RealServer.NEW})
    void eventsAreTheFilesBytes(String version) throws Exception {
        try (var server = new RealServer(version, ADDRESS, "--max-allowed-packet=64M");
                var sql = Server.connect(server.address())) {
            sql.execute("CREATE DATABASE d");
            sql.execute("CREATE TABLE d.t(id INT PRIMARY KEY, v LONGBLOB)");
            sql.execute("INSERT INTO d.t VALUES (1,'x'),(2,NULL)");
            sql.execute("INSERT INTO d.t VALUES (3, REPEAT('b', 20000000))");
            sql.execute("FLUSH BINARY LOGS");
            sql.execute("UPDATE d.t SET v='y'");

            var streamed = new ByteArrayOutputStream();
            String firstFile = sql.rows("SHOW BINARY LOGS").getFirst().require("Log_name");
            for (RawEvent event : untilNow(server, MariaDbGtidState.EMPTY)) {
                if (!event.header().isArtificial() && event.file().equals(firstFile)) {
                    streamed.writeBytes(event.bytes());
                }
            }
            byte[] file = Files.readAllBytes(server.dataDir().resolve(firstFile));
            assertThat(file.length).isGreaterThan(20_000_000);
            // the head of the first file may come made up anew
            byte[] tail =
                    java.util.Arrays.copyOfRange(file, file.length - streamed.size(), file.length);
            assertThat(streamed.size()).isGreaterThan(file.length - 400);
            assertThat(java.util.Arrays.mismatch(tail, streamed.toByteArray())).isEqualTo(-1);

            try (var mapped = BinlogFile.open(server.dataDir().resolve(firstFile))) {
                BinlogReader reader = mapped.reader();
                var types = new ArrayList<EventType>();
                while (reader.next()) {
                    types.add(reader.type());
                    assertThat(reader.decode()).isNotNull();
                }
                assertThat(types)
                        .startsWith(EventType.FORMAT_DESCRIPTION, EventType.GTID_LIST)
                        .contains(EventType.GTID, EventType.QUERY, EventType.TABLE_MAP)
                        .contains(EventType.WRITE_ROWS_V1, EventType.XID)
                        .endsWith(EventType.ROTATE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RealServer.OLD, RealServer.NEW})
    void startsBehindTheGivenState(String version) throws Exception {
        try (var server = new RealServer(version, ADDRESS);
                var sql = Server.connect(server.tcpAddress())) {
            sql.execute("CREATE DATABASE d");
            sql.execute("CREATE TABLE d.t(id INT PRIMARY KEY)");
            MariaDbGtidState before = GtidPositions.read(sql).binlogPosition();
            sql.execute("INSERT INTO d.t VALUES (1)");
            MariaDbGtidState after = GtidPositions.read(sql).binlogPosition();

            var gtids =
                    untilNow(server, before).stream()
                            .filter(e -> e.type() == EventType.GTID)
                            .map(e -> ((GtidEvent) e.decode()).gtid())
                            .toList();
            assertThat(gtids).isEqualTo(after.gtids());
            assertThat(untilNow(server, after)).noneMatch(e -> e.type() == EventType.GTID);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RealServer.OLD, RealServer.NEW})
    void purgedLogsAreSaidToBeGone(String version) throws Exception {
        try (var server = new RealServer(version, ADDRESS);
                var sql = Server.connect(server.address())) {
            sql.execute("CREATE DATABASE d");
            sql.execute("FLUSH BINARY LOGS");
            String last = sql.rows("SHOW BINARY LOGS").getLast().require("Log_name");
            for (long deadline = System.nanoTime() + 10_000_000_000L;
                    sql.rows("SHOW BINARY LOGS").size() > 1 && System.nanoTime() < deadline; ) {
                sql.execute("PURGE BINARY LOGS TO " + "'" + last + "'");
            }
            assertThatThrownBy(() -> untilNow(server, MariaDbGtidState.EMPTY))
                    .isInstanceOf(Problem.class)
                    .hasMessageStartingWith(
                            server.address()
                                    + " cannot send its binary log from where it was asked to: ")
                    .hasMessageContaining("\nHINT: it has purged that part or never had it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RealServer.OLD, RealServer.NEW})
    void followsUntilClosedFromAnotherThread(String version) throws Exception {
        try (var server = new RealServer(version, ADDRESS);
                var sql = Server.connect(server.address())) {
            var stream =
                    BinlogStream.open(
                            server.address(),
                            MariaDbGtidState.EMPTY,
                            BinlogStream.newServerId(),
                            BinlogStream.Mode.FOLLOW);
            var seen = new CountDownLatch(1);
            var idle = new CountDownLatch(1);
            var run =
                    CompletableFuture.runAsync(
                            () ->
                                    stream.run(
                                            new BinlogStream.Consumer() {
                                                @Override
                                                public void event(RawEvent event) {
                                                    if (event.type() == EventType.QUERY) {
                                                        seen.countDown();
                                                    }
                                                }

                                                @Override
                                                public void idle(
                                                        io.backstay.binlog.BinlogPosition source) {
                                                    idle.countDown();
                                                }
                                            }));
            sql.execute("CREATE DATABASE d");
            assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(idle.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(ReplicationStatus.read(sql).replicas()).hasSize(1);
            stream.close();
            run.get(5, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RealServer.OLD, RealServer.NEW})
    void killedSourceIsAProblem(String version) throws Exception {
        try (var server = new RealServer(version, ADDRESS);
                var stream =
                        BinlogStream.open(
                                server.address(),
                                MariaDbGtidState.EMPTY,
                                BinlogStream.newServerId(),
                                BinlogStream.Mode.FOLLOW)) {
            var started = new CountDownLatch(1);
            var run = CompletableFuture.runAsync(() -> stream.run(_ -> started.countDown()));
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
            server.lab().kill();
            assertThatThrownBy(() -> run.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(Problem.class)
                    .hasMessageContaining("the binary log stream from " + server.address());
        }
    }
}
