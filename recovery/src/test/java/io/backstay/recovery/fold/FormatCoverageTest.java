package io.backstay.recovery.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.binlog.ColumnLayout;
import io.backstay.binlog.ColumnType;
import io.backstay.binlog.DamagedBinlogException;
import io.backstay.binlog.EventType;
import io.backstay.mysql.ColumnDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// `FORMAT_COVERAGE.md` says of each event and column type what the code does with it.
class FormatCoverageTest {
    private static final List<String> DATA_TYPES =
            List.of(
                    "int",
                    "float",
                    "double",
                    "decimal",
                    "date",
                    "year",
                    "time",
                    "datetime",
                    "timestamp",
                    "bit",
                    "enum",
                    "set",
                    "char",
                    "varchar",
                    "blob",
                    "point",
                    "json",
                    "vector");
    private static final Path FILE = Path.of("..", "FORMAT_COVERAGE.md");

    @Test
    void everyEventTypeIsListedAsItIsTreated() throws IOException {
        assertThat(rows("## Event types"))
                .containsExactlyElementsOf(
                        Arrays.stream(EventType.values())
                                .map(t -> "| " + t + " | " + treatment(t) + " |")
                                .toList());
    }

    @Test
    void everyColumnTypeIsListedAsItIsTreated() throws IOException {
        assertThat(rows("## Column types"))
                .containsExactlyElementsOf(
                        Arrays.stream(ColumnType.values())
                                .map(
                                        t ->
                                                "| "
                                                        + t
                                                        + " | "
                                                        + (isRefused(t) ? "refused" : "folded")
                                                        + " |")
                                .toList());
    }

    /// By trying: a log with the event in a transaction.
    private static String treatment(EventType type) {
        if (type.handling() == EventType.Handling.READ) {
            return "read";
        }
        if (type.handling() == EventType.Handling.ORDERED_TABLE) {
            return "ordered (its table)"; // tried on a real server by MySqlCasesIT
        }
        var log = new LogWriter().begin(1).event(type.code(), new byte[20]);
        if (type != EventType.XA_PREPARE) {
            // which is the end of its transaction itself
            log.commit();
        }
        try {
            LogFold.run(
                    LogFoldTest.request("", new FoldStop.AtEnd(), LogFoldTest.TABLE),
                    List.of(log.stretch()));
            return type.handling() == EventType.Handling.STATEMENT ? "ordered" : "read";
        } catch (RefusedFold e) {
            return type.handling() == EventType.Handling.STATEMENT
                    ? "refused (a change in statement format)"
                    : "refused";
        } catch (DamagedBinlogException e) {
            return "damaged";
        }
    }

    /// By trying: no column definition at all is rendered from it.
    private static boolean isRefused(ColumnType type) {
        return DATA_TYPES.stream()
                .noneMatch(
                        dataType -> {
                            try {
                                TextCodec.of(column(dataType), new ColumnLayout(type, 8, 8, 0));
                                return true;
                            } catch (TextCodec.UnsupportedColumn e) {
                                return false;
                            }
                        });
    }

    private static ColumnDefinition column(String dataType) {
        boolean hasMembers = dataType.equals("enum") || dataType.equals("set");
        return new ColumnDefinition(
                "c",
                1,
                dataType,
                hasMembers ? dataType + "('a','b')" : dataType,
                false,
                Optional.of("utf8mb4"),
                Optional.of("utf8mb4_bin"),
                true,
                ColumnDefinition.Generated.NOT,
                false,
                false);
    }

    private static List<String> rows(String heading) throws IOException {
        return Files.readAllLines(FILE).stream()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| "))
                .skip(2)
                .toList();
    }
}
