package io.backstay.binlog.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.binlog.EncryptionKeys;
import io.backstay.binlog.LogFixture;
import io.backstay.binlog.look.NetTable.Net;
import io.backstay.binlog.value.ValueCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The net changes, and one row's history, of logs that real servers wrote.
class NetChangesTest {

    private static NetChanges fold(String log, Map<String, List<String>> keys) {
        var net = new NetChanges(keys, ValueCodec.EXACT);
        try (var walk = new LogWalk(List.of(LogFixture.path(log)), EncryptionKeys.NONE)) {
            while (walk.next()) {
                net.add(walk);
            }
        }
        net.finish();
        return net;
    }

    private static List<String> rows(NetTable table) {
        return table.rows().values().stream()
                .flatMap(row -> row.after().stream())
                .map(
                        image ->
                                table.map().table()
                                        + "|"
                                        + image.stream()
                                                .map(v -> v.text())
                                                .collect(Collectors.joining("|")))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7", "mariadb-11.8"})
    void netRowsAreThoseTheServerHas(String server) {
        NetChanges net = fold(server + "-net.binlog", Map.of());
        var rows = new ArrayList<>(rows(net.tables().get("net.moves")));
        rows.addAll(rows(net.tables().get("net.bin")));
        assertThat(rows)
                .hasSizeGreaterThan(5)
                .containsExactlyInAnyOrderElementsOf(LogFixture.lines(server + "-net.rows"));
        assertThat(net.tables().get("net.moves").count(Net.UNCHANGED)).isPositive();
        assertThat(net.tables().get("net.moves").count(Net.UPDATED)).isZero();
        assertThat(net.unfinished()).containsExactly("XA X'7833',X'',1 (prepared, never ended)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7", "mariadb-11.8"})
    void whatCannotBeFoldedExactlyIsNamedWithItsReason(String server) {
        NetChanges net = fold(server + "-net.binlog", Map.of());
        assertThat(net.tables().get("net.nokey").refusal().orElseThrow())
                .isEqualTo(
                        "the log names no primary key of it; set binlog_row_metadata=FULL on the"
                                + " source, or name its columns with --key-columns");
        assertThat(net.tables().get("net.ci").refusal().orElseThrow())
                .isEqualTo(
                        "its key column k is text whose equality the log does not tell, or is"
                                + " coarser than its characters");
        assertThat(net.tables().get("net.altered").refusal().orElseThrow())
                .startsWith("\"ALTER TABLE net.altered ADD c INT\" at " + server + "-net.binlog:");
        assertThat(net.tables().get("net.altered").rows()).isEmpty();
        assertThat(
                        fold(server + "-net.binlog", Map.of("net.nokey", List.of("a")))
                                .tables()
                                .get("net.nokey")
                                .refusal()
                                .orElseThrow())
                .startsWith("a row that is there already is inserted at ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7", "mariadb-11.8"})
    void aChangeInStatementFormatEndsTheFold(String server) {
        assertThatThrownBy(() -> fold(server + "-events.binlog", Map.of()))
                .hasMessageStartingWith(
                        "cannot fold the log: \"INSERT INTO ev.s (v, w) VALUES (@u, RAND())\" is"
                                + " logged as a statement, not as rows (at "
                                + server
                                + "-events.binlog:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7", "mariadb-11.8"})
    void aRowsHistoryFollowsItsKey(String server) {
        var changes = new ArrayList<RowChange>();
        var history =
                new RowHistory(
                        "net.moves", List.of("102"), List.of(), ValueCodec.EXACT, changes::add);
        try (var walk =
                new LogWalk(
                        List.of(LogFixture.path(server + "-net.binlog")), EncryptionKeys.NONE)) {
            while (walk.next()) {
                history.add(walk);
            }
        }
        history.finish();
        assertThat(history.columns().orElseThrow().source()).isEqualTo(KeyColumns.Source.LOG);
        assertThat(changes)
                .extracting(
                        change ->
                                RowChange.shown(change.table(), change.before().orElseThrow())
                                        + " -> "
                                        + RowChange.shown(
                                                change.table(), change.after().orElseThrow()))
                .containsExactly("id=2 v='z' -> id=102 v='z'", "id=102 v='z' -> id=102 v='y'");
        assertThat(changes)
                .allSatisfy(
                        change -> {
                            assertThat(change.transaction().ending())
                                    .isEqualTo(LoggedTransaction.Ending.COMMITTED);
                            assertThat(change.transaction().gtid()).isPresent();
                            assertThat(change.transaction().threadId()).isPresent();
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7", "mariadb-11.8"})
    void figuresAddUp(String server) {
        var statistics = new LogStatistics();
        var file = LogFixture.path(server + "-net.binlog");
        try (var walk = new LogWalk(List.of(file), EncryptionKeys.NONE)) {
            while (walk.next()) {
                statistics.add(walk);
            }
        }
        statistics.finish();
        assertThat(statistics.bytes()).isEqualTo(LogFixture.bytes(server + "-net.binlog").length);
        // 4 inserted at first, 1 more, 3 by XA transactions
        assertThat(statistics.tables().get("net.moves").inserted()).isEqualTo(8);
        assertThat(statistics.tables().get("net.moves").updated()).isEqualTo(7);
        assertThat(statistics.tables().get("net.moves").deleted()).isEqualTo(1);
        assertThat(statistics.definitionCount()).isEqualTo(7);
        assertThat(statistics.unfinished()).isZero();
        assertThat(statistics.obstacles()).containsKey("XA transaction");
    }
}
