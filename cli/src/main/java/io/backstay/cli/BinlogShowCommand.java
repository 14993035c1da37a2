package io.backstay.cli;

import io.backstay.binlog.LoggedEvent;
import io.backstay.binlog.RowsEvent;
import io.backstay.binlog.TableMapEvent;
import io.backstay.binlog.look.EventText;
import io.backstay.binlog.look.LogWalk;
import io.backstay.binlog.look.RowChanges;
import io.backstay.binlog.value.ValueCodec;
import io.backstay.doors.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "show",
        description =
                "Print the events of binary log files, one a line, with --rows the row images.",
        footer = {
            "",
            "Events of a compressed transaction stand behind their payload, at its place. A value that the log does",
            "not tell exactly is not guessed: an integer of unknown sign is shown both ways, bytes of an unknown",
            "character set as hexadecimal digits, an ENUM without names by its number.",
            "Exit codes: 0 printed, 2 a file is no log, damaged, truncated, or encrypted (what was read is printed)."
        })
final class BinlogShowCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private BinlogFilesOption input = new BinlogFilesOption();

    @Option(names = "--rows", description = "Show the row images, each column by its name.")
    private boolean isRowsWanted;

    @Option(
            names = "--table",
            paramLabel = "SCHEMA.TABLE",
            description = "Only table maps and rows of this table.")
    private @Nullable String table;

    @Option(
            names = "--from",
            paramLabel = "FILE:OFFSET",
            description =
                    "From the event that begins here; an offset alone where there is one file.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "FILE:OFFSET",
            description = "Up to the event that begins here, which is not shown.")
    private @Nullable String to;

    @Override
    public Integer call() {
        var range = new BinlogRange(input.files, from, to);
        ValueCodec codec = input.codec();
        try (LogWalk walk = input.walk()) {
            if (console.isJson()) {
                return document(walk, range, codec);
            }
            while (walk.next() && !range.isBehind(walk.event().origin())) {
                if (range.contains(walk.event().origin()) && isWanted(walk)) {
                    console.line(line(walk.event()));
                    if (isRowsWanted) {
                        rows(walk, codec);
                    }
                }
            }
            return 0;
        }
    }

    private boolean isWanted(LogWalk walk) {
        return table == null
                || switch (walk.event().event()) {
                    case TableMapEvent map -> table.equals(map.schema() + "." + map.table());
                    case RowsEvent rows when rows.tableId() != RowsEvent.DUMMY_TABLE_ID -> {
                        TableMapEvent map = walk.requireTable(rows);
                        yield table.equals(map.schema() + "." + map.table());
                    }
                    default -> false;
                };
    }

    private static String line(LoggedEvent event) {
        return "%s  %s  server %d  %s%s  %s"
                .formatted(
                        event.origin(),
                        time(event),
                        event.header().serverId(),
                        event.isFromPayload() ? "in payload " : "",
                        event.type(),
                        EventText.of(event.event()));
    }

    private static String time(LoggedEvent event) {
        long seconds = event.header().timestampSeconds();
        return seconds == 0 ? "-" : Instant.ofEpochSecond(seconds).toString();
    }

    private void rows(LogWalk walk, ValueCodec codec) {
        RowChanges.forEach(
                walk,
                codec,
                change ->
                        console.line(
                                "    %s %s: %s -> %s"
                                        .formatted(
                                                change.change(),
                                                change.tableName(),
                                                RowDocument.shown(change.table(), change.before()),
                                                RowDocument.shown(
                                                        change.table(), change.after()))));
    }

    private int document(LogWalk walk, BinlogRange range, ValueCodec codec) {
        var list = new JsonList(console, "events");
        try {
            while (walk.next() && !range.isBehind(walk.event().origin())) {
                if (range.contains(walk.event().origin()) && isWanted(walk)) {
                    list.add(item(walk, codec));
                }
            }
            list.end(Map.of());
            return 0;
        } catch (Problem e) {
            return list.end(e);
        }
    }

    private Map<String, Object> item(LogWalk walk, ValueCodec codec) {
        LoggedEvent event = walk.event();
        var item = new LinkedHashMap<String, Object>();
        item.put("file", event.origin().file());
        item.put("offset", event.origin().offsetBytes());
        item.put("end", event.endOffset());
        item.put("time", time(event));
        item.put("serverId", event.header().serverId());
        item.put("type", event.type().name());
        item.put("inPayload", event.isFromPayload());
        walk.transaction()
                .flatMap(transaction -> transaction.gtid())
                .ifPresent(gtid -> item.put("gtid", gtid.toString()));
        item.put("says", EventText.of(event.event()));
        if (isRowsWanted && event.event() instanceof RowsEvent) {
            var rows = new ArrayList<Map<String, Object>>();
            RowChanges.forEach(walk, codec, change -> rows.add(RowDocument.of(change)));
            item.put("rows", rows);
        }
        return item;
    }
}
