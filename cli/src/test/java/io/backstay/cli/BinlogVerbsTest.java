package io.backstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The verbs on logs that real servers wrote.
class BinlogVerbsTest {
    private static final Path LOGS = Path.of("../binlog/src/test/resources/fixtures");

    @TempDir Path temp;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        out.reset();
        err.reset();
        return new CommandLineRun(
                        Main.VERBS,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(out());
    }

    private static String log(String name) {
        return LOGS.resolve(name + ".binlog").toString();
    }

    @Test
    void showPrintsEachEventAndItsRows() {
        assertThat(run("binlog", "show", "--rows", "--table", "ev.j", log("mysql-9.7-events")))
                .isZero();
        assertThat(out().lines().filter(line -> line.startsWith("    ")))
                .containsExactly(
                        "    INSERT ev.j: - -> id=1 d={\"a\": [1, {\"b\": \"old value of some length\"}], \"n\": 1, \"t\": null} e={\"k\": \"k\", \"l\": [1, 2, 3]}",
                        "    UPDATE ev.j: id=1 d={\"a\": [1, {\"b\": \"old value of some length\"}], \"n\": 1, \"t\": null} e={\"k\": \"k\", \"l\": [1, 2, 3]} -> id=1 d=REPLACE '$.a[1].b' = \"new\" e=REMOVE '$.k'",
                        "    UPDATE ev.j: id=1 d={\"a\": [1, {\"b\": \"new\"}], \"n\": 1, \"t\": null} e={\"l\": [1, 2, 3]} -> id=1 d=REPLACE '$.n' = 1.10000000000000000000, INSERT '$.\"new key\"' = \"23:59:59.999999\" e=");
    }

    @Test
    void showStopsAtAPosition() {
        assertThat(run("binlog", "show", "--from", "4", "--to", "256", log("mariadb-11.8-events")))
                .isZero();
        assertThat(out().lines()).hasSize(1);
        assertThat(out()).startsWith("mariadb-11.8-events.binlog:4  ").contains("server 11.8");
        assertThat(run("binlog", "show", "--from", "other:4", log("mariadb-11.8-events")))
                .isEqualTo(2);
        assertThat(err())
                .isEqualTo(
                        "--from: expected FILE:OFFSET with one of the files given, or an offset, found 'other:4'\nHINT: the files are mariadb-11.8-events.binlog.\n");
    }

    @Test
    void showIsOneJsonDocument() {
        assertThat(run("--output", "json", "binlog", "show", "--rows", log("mysql-9.7-net")))
                .isZero();
        assertThat(json().get("schemaVersion").asInt()).isEqualTo(1);
        assertThat(json().get("events").size()).isGreaterThan(50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7", "mariadb-11.8"})
    void statsCounts(String server) {
        assertThat(run("--output", "json", "binlog", "stats", log(server + "-net"))).isZero();
        assertThat(json().get("tables").get("net.moves").get("inserted").asInt()).isEqualTo(8);
        assertThat(json().get("bytes").asLong())
                .isEqualTo(LOGS.resolve(server + "-net.binlog").toFile().length());
        assertThat(run("binlog", "stats", log(server + "-net"))).isZero();
        assertThat(out()).contains("  net.moves  8, 7, 1; ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7", "mariadb-11.8"})
    void historyTellsEveryChangeOfARow(String server) {
        assertThat(
                        run(
                                "binlog",
                                "history",
                                "--table",
                                "net.moves",
                                "--key",
                                "102",
                                log(server + "-net")))
                .isZero();
        assertThat(out())
                .contains(
                        "    before id=2 v='z'\n    after  id=102 v='z'\n    session ",
                        "    before id=102 v='z'\n    after  id=102 v='y'\n    session ")
                .endsWith("2 changes\n");
        assertThat(err()).isEmpty();
    }

    @Test
    void aRowWithoutAChangeIsANo() {
        String[] none = {
            "binlog", "history", "--table", "net.moves", "--key", "77", log("mysql-9.7-net")
        };
        assertThat(run(none)).isEqualTo(1);
        assertThat(out()).isEqualTo("no change of this row among 16 of net.moves\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql-9.7", "mariadb-11.8"})
    void foldTellsWhatItCouldNot(String server) {
        assertThat(run("binlog", "fold", "--rows", log(server + "-net"))).isEqualTo(4);
        assertThat(out())
                .contains(
                        "net.moves: 5 rows inserted, 0 updated, 0 deleted, ",
                        "    INSERTED: - -> id=102 v='y'\n",
                        "NOT FOLDED net.nokey: the log names no primary key of it; ",
                        "NOT COUNTED XA X'7833',X'',1 (prepared, never ended): no end in the log");
    }

    @Test
    void whatIsNoLogIsNamed() throws IOException {
        Path file = temp.resolve("x");
        Files.writeString(file, "hello");
        assertThat(run("binlog", "stats", file.toString())).isEqualTo(2);
        assertThat(err())
                .isEqualTo(
                        file
                                + " is no binary log: expected fe62696e in its first four bytes, found 68656c6c\n"
                                + "HINT: give a file as the server wrote it, named in its binary log index.\n");
        assertThat(run("binlog", "stats", temp.toString())).isEqualTo(2);
        assertThat(err()).contains("expected a binary log file, found something else");
        assertThat(run("binlog", "stats", temp.resolve("none").toString())).isEqualTo(2);
        assertThat(err()).contains("expected a binary log file, found nothing");
    }

    @Test
    void aCutFileIsToldBehindWhatWasRead() throws IOException {
        byte[] whole = Files.readAllBytes(LOGS.resolve("mysql-9.7-net.binlog"));
        Path cut = temp.resolve("cut");
        Files.write(cut, Arrays.copyOf(whole, whole.length - 10));
        assertThat(run("--output", "json", "binlog", "show", cut.toString())).isEqualTo(2);
        assertThat(json().get("events").size()).isGreaterThan(50);
        assertThat(json().get("error").get("code").asString()).isEqualTo("bad-file");
        assertThat(json().get("error").get("message").asString())
                .startsWith("cannot read EventHeader.sizeBytes of the event at cut:");
        assertThat(run("binlog", "show", cut.toString())).isEqualTo(2);
        assertThat(out()).contains("FORMAT_DESCRIPTION");
        assertThat(err()).contains("\nHINT: the file is truncated or damaged here; copy cut from");
    }

    @Test
    void aFlippedByteIsTold() throws IOException {
        byte[] bytes = Files.readAllBytes(LOGS.resolve("mysql-9.7-net.binlog"));
        bytes[300] ^= 4;
        Path flipped = temp.resolve("flipped");
        Files.write(flipped, bytes);
        for (String verb : new String[] {"show", "stats", "fold"}) {
            assertThat(run("binlog", verb, flipped.toString())).isEqualTo(2);
            assertThat(err()).contains("cannot read checksum of the event at flipped:");
        }
    }

    @Test
    void anEncryptedLogAsksForItsKey() {
        assertThat(run("binlog", "stats", log("mariadb-11.8-encrypted-cbc"))).isEqualTo(2);
        assertThat(err()).contains("`--encryption-key FILE`");
        assertThat(
                        run(
                                "binlog",
                                "stats",
                                "--encryption-key",
                                LOGS.resolve("mariadb-keys.txt").toString(),
                                log("mariadb-11.8-encrypted-cbc")))
                .isZero();
        assertThat(out()).contains("  typed.secret  2, 0, 0; ");
    }
}
