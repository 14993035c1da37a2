package io.backstay.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.doors.Problem;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// `FORMAT_COVERAGE.md` says of each event and column type what it is decoded to, and in which
/// server's log that was seen.
class DecodeCoverageTest {
    private static final Path FILE = Path.of("..", "FORMAT_COVERAGE.md");
    private static final List<String> LOGS =
            List.of(
                    "mysql-9.7-types",
                    "mysql-9.7-events",
                    "mysql-9.7-net",
                    "mariadb-11.8-types",
                    "mariadb-11.8-events",
                    "mariadb-11.8-net",
                    "mariadb-11.8-encrypted-cbc");
    private static final Set<EventType> BEFORE_ROW_EVENTS =
            Set.of(
                    EventType.UNKNOWN,
                    EventType.START_V3,
                    EventType.LOAD,
                    EventType.SLAVE,
                    EventType.CREATE_FILE,
                    EventType.EXEC_LOAD,
                    EventType.NEW_LOAD,
                    EventType.PRE_GA_WRITE_ROWS,
                    EventType.PRE_GA_UPDATE_ROWS,
                    EventType.PRE_GA_DELETE_ROWS);

    @Test
    void everyEventTypeIsListedAsItIsDecoded() throws IOException {
        var seen = new EnumMap<EventType, Set<String>>(EventType.class);
        for (String log : LOGS) {
            events(log).forEach(e -> note(seen, e.type(), log));
        }
        assertThat(rows("## Event types decoded"))
                .containsExactlyElementsOf(
                        Arrays.stream(EventType.values())
                                .map(
                                        type ->
                                                "| %s | %s | %s | %s |"
                                                        .formatted(
                                                                type,
                                                                writer(type),
                                                                record(type),
                                                                seenIn(seen, type)))
                                .toList());
    }

    @Test
    void everyColumnTypeIsListedWithTheLogsItWasSeenIn() throws IOException {
        var seen = new EnumMap<ColumnType, Set<String>>(ColumnType.class);
        for (String log : LOGS) {
            for (LoggedEvent event : events(log)) {
                if (event.event() instanceof TableMapEvent map) {
                    map.columns().forEach(column -> note(seen, column.type(), log));
                }
            }
        }
        assertThat(rows("## Column types decoded"))
                .containsExactlyElementsOf(
                        Arrays.stream(ColumnType.values())
                                .map(type -> "| %s | %s |".formatted(type, seenIn(seen, type)))
                                .toList());
    }

    /// Without the key the rest of an encrypted log cannot be read, and is not looked at here.
    private static List<LoggedEvent> events(String log) {
        var events = new ArrayList<LoggedEvent>();
        try (var reader =
                new LogReader(
                        BinlogFile.open(LogFixture.path(log + ".binlog")),
                        EncryptionKeys.read(LogFixture.path("mariadb-keys.txt")))) {
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                events.add(next.get());
            }
        }
        return events;
    }

    private static <T> void note(Map<T, Set<String>> seen, T type, String log) {
        String server =
                log.substring(0, log.lastIndexOf(log.contains("-encrypted") ? "-encrypted" : "-"));
        seen.computeIfAbsent(type, _ -> new TreeSet<>()).add(server);
    }

    private static <T> String seenIn(Map<T, Set<String>> seen, T type) {
        return seen.containsKey(type) ? String.join(", ", seen.get(type)) : "-";
    }

    private static String writer(EventType type) {
        if (BEFORE_ROW_EVENTS.contains(type)) {
            return "none since MySQL 5.1";
        }
        int code = type.code();
        boolean isMariaDbs = code >= EventType.ANNOTATE_ROWS.code();
        boolean isMySqls = code >= EventType.IGNORABLE.code() && type != EventType.XA_PREPARE;
        return isMariaDbs ? "MariaDB" : isMySqls ? "MySQL" : "both";
    }

    /// By trying an empty body: the record it becomes, or the one whose first field is missing.
    private static String record(EventType type) {
        byte[] event = new byte[EventHeader.LENGTH];
        event[4] = (byte) type.code();
        MemorySegment segment = MemorySegment.ofArray(event);
        segment.set(EventHeader.INT32, 9, event.length);
        var body = new EventBody(segment, new EventOrigin("x", 0), event.length, event.length);
        try {
            BinlogEvent decoded =
                    EventDecoder.decode(
                            type,
                            body,
                            EventHeader.decode(segment, 0),
                            Flavour.MYSQL,
                            event.length);
            return decoded.getClass().getSimpleName();
        } catch (Problem e) {
            String message = String.valueOf(e.getMessage());
            return message.substring("cannot read ".length(), message.indexOf('.'));
        }
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
