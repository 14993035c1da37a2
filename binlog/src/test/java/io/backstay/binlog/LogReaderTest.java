package io.backstay.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.binlog.value.TypedTable;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole files of real servers.
class LogReaderTest {
    @TempDir private Path folder;

    private static <T> List<T> of(List<LoggedEvent> events, Class<T> type) {
        return events.stream()
                .map(LoggedEvent::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static List<LoggedEvent> events(String name) {
        return LogFixture.events(name, EncryptionKeys.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7", "mariadb-11.8"})
    void eventsBeginWhereTheServersOwnToolSaysTheyDo(String server) {
        var offsets = new TreeSet<Long>();
        events(server + "-events.binlog").forEach(e -> offsets.add(e.origin().offsetBytes()));
        assertThat(offsets)
                .hasSizeGreaterThan(40)
                .containsExactlyElementsOf(
                        LogFixture.lines(server + "-events.at").stream()
                                .map(Long::valueOf)
                                .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7", "mariadb-11.8"})
    void theRowsThatALogLeavesAreThoseTheServerHas(String server) {
        var rows =
                TypedTable.replay(
                                LogFixture.path(server + "-events.binlog"),
                                EncryptionKeys.NONE,
                                "ev",
                                "t")
                        .rows();
        assertThat(rows.values())
                .hasSizeGreaterThan(10)
                .extracting(
                        row ->
                                "%s|%s|%s"
                                        .formatted(
                                                row.get("id").text(),
                                                row.get("a").text(),
                                                row.get("b").text()))
                .containsExactlyInAnyOrderElementsOf(LogFixture.lines(server + "-events.rows"));
    }

    @Test
    void mySqlsFileHoldsEachKindOfEvent() {
        assertThat(types("mysql-9.7-events.binlog"))
                .containsExactlyInAnyOrder(
                        EventType.FORMAT_DESCRIPTION,
                        EventType.PREVIOUS_GTIDS,
                        EventType.MYSQL_GTID,
                        EventType.GTID_TAGGED,
                        EventType.QUERY,
                        EventType.ROWS_QUERY,
                        EventType.TABLE_MAP,
                        EventType.WRITE_ROWS_V2,
                        EventType.UPDATE_ROWS_V2,
                        EventType.DELETE_ROWS_V2,
                        EventType.PARTIAL_UPDATE_ROWS,
                        EventType.TRANSACTION_PAYLOAD,
                        EventType.INTVAR,
                        EventType.RAND,
                        EventType.USER_VAR,
                        EventType.XID,
                        EventType.BEGIN_LOAD_QUERY,
                        EventType.EXECUTE_LOAD_QUERY,
                        EventType.XA_PREPARE,
                        EventType.ROTATE);
    }

    @Test
    void mariaDbsFileHoldsEachKindOfEvent() {
        assertThat(types("mariadb-11.8-events.binlog"))
                .contains(
                        EventType.GTID_LIST,
                        EventType.BINLOG_CHECKPOINT,
                        EventType.GTID,
                        EventType.ANNOTATE_ROWS,
                        EventType.QUERY_COMPRESSED,
                        EventType.WRITE_ROWS_COMPRESSED_V1,
                        EventType.UPDATE_ROWS_COMPRESSED_V1,
                        EventType.DELETE_ROWS_COMPRESSED_V1,
                        EventType.XA_PREPARE,
                        EventType.INTVAR,
                        EventType.RAND,
                        EventType.USER_VAR);
    }

    private static Set<EventType> types(String name) {
        return events(name).stream().map(LoggedEvent::type).collect(Collectors.toSet());
    }

    @Test
    void aTaggedGtidHasItsTagAndItsCommitTime() {
        MySqlGtidEvent tagged =
                of(events("mysql-9.7-events.binlog"), MySqlGtidEvent.class).stream()
                        .filter(e -> !e.gtid().orElseThrow().tag().isEmpty())
                        .findFirst()
                        .orElseThrow();
        assertThat(tagged.gtid().orElseThrow().tag()).isEqualTo("blue");
        assertThat(tagged.gtid().orElseThrow().number()).isEqualTo(1);
        assertThat(tagged.commitMicros().orElseThrow()).isGreaterThan(1_700_000_000_000_000L);
        assertThat(tagged.transactionLengthBytes().orElseThrow()).isBetween(100L, 1000L);
    }

    @Test
    void theNextFilesPreviousGtidsHoldTheTag() {
        MySqlGtidSet executed =
                of(events("mysql-9.7-events.binlog"), MySqlGtidEvent.class).stream()
                        .map(e -> e.gtid().orElseThrow())
                        .reduce(MySqlGtidSet.EMPTY, MySqlGtidSet::with, MySqlGtidSet::union);
        MySqlGtidSet previous =
                of(events("mysql-9.7-net.binlog"), PreviousGtidsEvent.class).getFirst().set();
        assertThat(executed.toString()).contains(":blue:1");
        assertThat(executed.isSubsetOf(previous)).isTrue();
    }

    @Test
    void aStatementHasItsSessionsContext() {
        QueryEvent insert =
                of(events("mysql-9.7-events.binlog"), QueryEvent.class).stream()
                        .filter(e -> e.statement().startsWith("INSERT INTO ev.s (v, w) VALUES (@u"))
                        .findFirst()
                        .orElseThrow();
        assertThat(insert.context().unread()).isEmpty();
        assertThat(insert.context().variables())
                .containsKeys("flags2", "sql_mode", "character_set_client", "catalog")
                .containsEntry("updated_databases", "ev")
                .containsEntry("enable_cascade_triggers", "0");
    }

    @Test
    void partitionsAreTold() {
        RowsEvent moved =
                of(events("mysql-9.7-events.binlog"), RowsEvent.class).stream()
                        .filter(e -> e.sourcePartition().isPresent())
                        .findFirst()
                        .orElseThrow();
        assertThat(moved.partition()).hasValue(1);
        assertThat(moved.sourcePartition()).hasValue(0);
    }

    @Test
    void noQueryOfEitherServerHasAContextThatIsNotRead() {
        for (String server : List.of("mysql-9.7", "mariadb-11.8")) {
            assertThat(of(events(server + "-events.binlog"), QueryEvent.class))
                    .allSatisfy(query -> assertThat(query.context().unread()).isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mysql-9.7-encrypted.binlog, mysql-9.7-keys.json",
        "mariadb-11.8-encrypted-cbc.binlog, mariadb-keys.txt",
        "mariadb-11.8-encrypted-ctr.binlog, mariadb-keys.txt"
    })
    void anEncryptedLogIsReadWithItsKey(String log, String keys) {
        var rows =
                TypedTable.replay(
                                LogFixture.path(log),
                                EncryptionKeys.read(LogFixture.path(keys)),
                                "typed",
                                "secret")
                        .rows();
        assertThat(rows.get("1").get("v").text()).isEqualTo("hidden ".repeat(30));
        assertThat(rows.get("2").get("v").text()).isEqualTo("x");
    }

    @Test
    void anEncryptedLogWithoutItsKeyIsRefusedByName() {
        assertThatThrownBy(() -> events("mariadb-11.8-encrypted-cbc.binlog"))
                .isInstanceOf(Problem.class)
                .hasMessageMatching(
                        "(?s)the events of mariadb-11.8-encrypted-cbc.binlog are encrypted from"
                                + " mariadb-11.8-encrypted-cbc.binlog:256 on: expected key 1, version 1,"
                                + " found no key\nHINT: give the server's key file with"
                                + " `--encryption-key FILE`, or stream the log from the server, which"
                                + " sends it clear.");
        assertThatThrownBy(() -> events("mysql-9.7-encrypted.binlog"))
                .hasMessageContaining(
                        "mysql-9.7-encrypted.binlog is encrypted by its MySQL server: expected the"
                                + " key MySQLReplicationKey_");
    }

    @Test
    void anotherKeyIsToldFromDamage() throws IOException {
        Path other = folder.resolve("keys");
        Files.writeString(other, "1;ffffffffffffffffffffffffffffffff\n");
        EncryptionKeys keys = EncryptionKeys.read(other);
        assertThatThrownBy(() -> LogFixture.events("mariadb-11.8-encrypted-cbc.binlog", keys))
                .hasMessageContaining("the key given is not the one of this file");
    }

    @Test
    void aKeyFileIsNeverQuoted() throws IOException {
        Path file = folder.resolve("keys");
        Files.writeString(file, "# comment\n1:00112233445566778899aabbccddeeff\n");
        assertThatThrownBy(() -> EncryptionKeys.read(file))
                .hasMessageContaining("expected `id;hexadecimal digits` in line 2")
                .hasMessageNotContaining("001122");
    }

    @Test
    void aPayloadThatIsCutIsNamed() throws IOException {
        byte[] bytes = LogFixture.bytes("mysql-9.7-events.binlog");
        LoggedEvent payload =
                events("mysql-9.7-events.binlog").stream()
                        .filter(e -> e.type() == EventType.TRANSACTION_PAYLOAD)
                        .findFirst()
                        .orElseThrow();
        Path cut = folder.resolve("cut");
        Files.write(cut, java.util.Arrays.copyOf(bytes, (int) payload.endOffset() - 200));
        try (var reader = new LogReader(BinlogFile.open(cut), EncryptionKeys.NONE)) {
            assertThatThrownBy(
                            () -> {
                                while (reader.next().isPresent()) {
                                    // on to the cut
                                }
                            })
                    .isInstanceOf(TruncatedBinlogException.class)
                    .hasMessageStartingWith(
                            "cannot read EventHeader.sizeBytes of the event at cut:"
                                    + payload.origin().offsetBytes());
        }
    }
}
