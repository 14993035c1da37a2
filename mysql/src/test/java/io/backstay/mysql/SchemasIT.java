package io.backstay.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.doors.Problem;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasIT {

    @ParameterizedTest
    @ValueSource(strings = {RealServer.OLD, RealServer.NEW})
    void serverTellsItsTablesAndItself(String version) throws Exception {
        try (var server = new RealServer(version, "127.32.1.12");
                var sql = Server.connect(server.address())) {
            sql.execute("CREATE DATABASE `a``b` CHARACTER SET utf8mb4");
            sql.execute("CREATE TABLE `a``b`.p(k BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY)");
            sql.execute(
                    "CREATE TABLE `a``b`.`t.1`(b VARCHAR(9) COLLATE utf8mb4_bin NOT NULL,"
                            + " a INT, v INT AS (a+1) VIRTUAL, s INT AS (a+2) STORED,"
                            + " h INT INVISIBLE, e ENUM(' unsigned','x'), pk BIGINT UNSIGNED,"
                            + " PRIMARY KEY(b(4), a), CONSTRAINT f FOREIGN KEY (pk)"
                            + " REFERENCES p(k) ON DELETE CASCADE ON UPDATE SET NULL)");
            sql.execute("CREATE SEQUENCE `a``b`.seq");
            sql.execute("CREATE VIEW `a``b`.w AS SELECT 1 AS one");
            sql.execute("CREATE TABLE `a``b`.ver(id INT PRIMARY KEY) WITH SYSTEM VERSIONING");

            assertThat(Schemas.list(sql)).contains("a`b").doesNotContain("mysql");
            var tables = Schemas.tables(sql, "a`b");
            TableDefinition t = tables.get(new TableName("a`b", "t.1"));
            assertThat(t.primaryKey())
                    .containsExactly(
                            new KeyColumn("b", OptionalInt.of(4)),
                            new KeyColumn("a", OptionalInt.empty()));
            assertThat(t.column("b").orElseThrow().collation()).contains("utf8mb4_bin");
            assertThat(t.column("v").orElseThrow().generated())
                    .isEqualTo(ColumnDefinition.Generated.VIRTUAL);
            assertThat(t.column("s").orElseThrow().generated())
                    .isEqualTo(ColumnDefinition.Generated.STORED);
            assertThat(t.column("h").orElseThrow().isInvisible()).isTrue();
            assertThat(t.column("e").orElseThrow().isUnsigned()).isFalse();
            assertThat(t.column("pk").orElseThrow().isUnsigned()).isTrue();
            assertThat(t.foreignKeys())
                    .containsExactly(
                            new ForeignKey(
                                    "f",
                                    List.of("pk"),
                                    new TableName("a`b", "p"),
                                    List.of("k"),
                                    ForeignKey.Rule.SET_NULL,
                                    ForeignKey.Rule.CASCADE));
            assertThat(t.engine()).contains("InnoDB");
            assertThat(tables.values())
                    .extracting(TableDefinition::kind)
                    .containsExactlyInAnyOrder(
                            TableDefinition.Kind.BASE_TABLE,
                            TableDefinition.Kind.BASE_TABLE,
                            TableDefinition.Kind.SEQUENCE,
                            TableDefinition.Kind.VIEW,
                            TableDefinition.Kind.SYSTEM_VERSIONED);
            assertThat(
                            tables.get(new TableName("a`b", "p"))
                                    .column("k")
                                    .orElseThrow()
                                    .isAutoIncrement())
                    .isTrue();
            assertThat(Schemas.createStatement(sql, t.name())).startsWith("CREATE TABLE `t.1`");

            ServerIdentity identity = ServerIdentity.read(sql);
            assertThat(identity.dataDirectory()).startsWith(server.dataDir().toString());
            assertThat(identity.version().flavour()).isEqualTo(Flavour.MARIADB);
            assertThat(identity.version().text()).startsWith(version);
            assertThat(ReplicationStatus.read(sql).sources()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = RealServer.OLD)
    void configuredSourceAndItsFiltersAreTold(String version) throws Exception {
        try (var server = new RealServer(version, "127.32.1.12");
                var sql = Server.connect(server.address())) {
            sql.execute("SET GLOBAL replicate_ignore_table = 'd.secret'");
            sql.execute(
                    "CHANGE MASTER 'c' TO MASTER_HOST='127.32.1.99', MASTER_PORT=1,"
                            + " MASTER_USE_GTID=slave_pos");
            var source = ReplicationStatus.read(sql).sources().getFirst();
            assertThat(source.name()).isEqualTo("c");
            assertThat(source.host()).isEqualTo("127.32.1.99");
            assertThat(source.isRunning()).isFalse();
            assertThat(source.usingGtid()).isEqualTo("Slave_Pos");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = RealServer.OLD)
    void failedStatementNamesServerAndStatement(String version) throws Exception {
        try (var server = new RealServer(version, "127.32.1.12");
                var sql = Server.connect(server.address())) {
            assertThatThrownBy(() -> sql.execute("DROP TABLE nowhere.t"))
                    .isInstanceOf(Problem.class)
                    .hasMessageStartingWith(
                            "DROP TABLE nowhere.t failed on " + server.address() + ": error 1051");
        }
    }
}
