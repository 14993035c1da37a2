package io.backstay.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.BinlogEnd;
import io.backstay.binlog.MariaDbGtidState;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinlogEndIT {

    @ParameterizedTest
    @ValueSource(strings = {RealServer.OLD, RealServer.NEW})
    void dataAtRestTellsWhatTheServerTold(String version) throws Exception {
        try (var server = new RealServer(version, "127.32.1.13")) {
            MariaDbGtidState told;
            try (var sql = Server.connect(server.address())) {
                sql.execute("CREATE DATABASE d");
                sql.execute("FLUSH BINARY LOGS");
                sql.execute("CREATE TABLE d.t(id INT PRIMARY KEY)");
                sql.execute("CREATE TABLE d.m(id INT PRIMARY KEY) ENGINE=MyISAM");
                sql.execute("INSERT INTO d.t VALUES (1)");
                sql.execute("INSERT INTO d.m VALUES (1)");
                told = GtidPositions.read(sql).binlogState();
            }
            BinlogEnd running = BinlogEnd.read(server.dataDir()).orElseThrow();
            assertThat(running.isCleanlyClosed()).isFalse();
            assertThat(running.state()).isEqualTo(told);

            server.lab().stop(Duration.ofSeconds(20));

            BinlogEnd stopped = BinlogEnd.read(server.dataDir()).orElseThrow();
            assertThat(stopped.isCleanlyClosed()).isTrue();
            assertThat(stopped.state()).isEqualTo(told);
            assertThat(stopped.tornAt()).isEmpty();
        }
    }
}
