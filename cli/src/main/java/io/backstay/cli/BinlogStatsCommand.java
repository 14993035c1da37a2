package io.backstay.cli;

import io.backstay.binlog.look.LogStatistics;
import io.backstay.binlog.look.LogWalk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "stats",
        description =
                "Count what is in binary log files: transactions, rows by table, definitions, the biggest"
                        + " transactions, and what cannot be folded by key and why.",
        footer = {
            "",
            "Bytes are those in the files; of events in compressed transactions those they inflate to.",
            "Exit codes: 0 counted, 2 a file is no log, damaged, truncated, or encrypted."
        })
final class BinlogStatsCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private BinlogFilesOption input = new BinlogFilesOption();

    @Override
    public Integer call() {
        var statistics = new LogStatistics();
        try (LogWalk walk = input.walk()) {
            while (walk.next()) {
                statistics.add(walk);
            }
        }
        statistics.finish();
        console.result(text(statistics), () -> document(statistics));
        return 0;
    }

    private static String text(LogStatistics log) {
        var text = new StringBuilder();
        text.append(
                "%d files, %d bytes, of server %s%n"
                        .formatted(log.files(), log.bytes(), String.join(", ", log.servers())));
        text.append(
                "%d transactions (%d rolled back, %d without an end)%n"
                        .formatted(log.transactions(), log.rolledBack(), log.unfinished()));
        text.append(
                "time %s .. %s%n"
                        .formatted(
                                log.firstTime().map(Object::toString).orElse("-"),
                                log.lastTime().map(Object::toString).orElse("-")));
        text.append(
                "GTID %s .. %s%n"
                        .formatted(log.firstGtid().orElse("-"), log.lastGtid().orElse("-")));
        text.append("tables (rows inserted, updated, deleted; row events; bytes)\n");
        log.tables()
                .forEach(
                        (name, table) ->
                                text.append(
                                        "  %s  %d, %d, %d; %d; %d%n"
                                                .formatted(
                                                        name,
                                                        table.inserted(),
                                                        table.updated(),
                                                        table.deleted(),
                                                        table.events(),
                                                        table.bytes())));
        text.append("events (count, bytes)\n");
        log.events()
                .forEach(
                        (type, count) ->
                                text.append(
                                        "  %s  %d, %d%n"
                                                .formatted(type, count.count(), count.bytes())));
        lists(log, text);
        return text.toString().stripTrailing();
    }

    private static void lists(LogStatistics log, StringBuilder text) {
        text.append("definitions: %d%n".formatted(log.definitionCount()));
        for (var definition : log.definitions()) {
            text.append(
                    "  %s  %s  %s%n"
                            .formatted(
                                    definition.origin(),
                                    definition.time(),
                                    definition.statement()));
        }
        cut(log, text);
        text.append("biggest transactions (bytes, rows)\n");
        for (var big : log.biggest()) {
            text.append(
                    "  %s  %s  %d, %d%n"
                            .formatted(big.origin(), big.gtid(), big.bytes(), big.rows()));
        }
        text.append(
                log.obstacles().isEmpty()
                        ? "all of it can be folded by key, for tables with a primary key\n"
                        : "cannot be folded by key, goes in its order instead\n");
        log.obstacles()
                .forEach(
                        (what, obstacle) ->
                                text.append(
                                        "  %s: %d, first at %s: %s%n"
                                                .formatted(
                                                        what,
                                                        obstacle.count(),
                                                        obstacle.first(),
                                                        obstacle.detail())));
    }

    private static void cut(LogStatistics log, StringBuilder text) {
        long more = log.definitionCount() - log.definitions().size();
        if (more > 0) {
            text.append("  and %d more%n".formatted(more));
        }
    }

    private static Map<String, Object> document(LogStatistics log) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("files", log.files());
        document.put("bytes", log.bytes());
        document.put("servers", log.servers());
        document.put("transactions", log.transactions());
        document.put("rolledBack", log.rolledBack());
        document.put("unfinished", log.unfinished());
        document.put("firstTime", log.firstTime().map(Object::toString).orElse(""));
        document.put("lastTime", log.lastTime().map(Object::toString).orElse(""));
        document.put("firstGtid", log.firstGtid().orElse(""));
        document.put("lastGtid", log.lastGtid().orElse(""));
        document.put("tables", log.tables());
        document.put("events", log.events());
        document.put("definitionCount", log.definitionCount());
        document.put("definitions", definitions(log));
        document.put("biggestTransactions", biggest(log));
        document.put("notFoldable", obstacles(log));
        return document;
    }

    private static List<Map<String, Object>> definitions(LogStatistics log) {
        return log.definitions().stream()
                .map(
                        definition ->
                                Map.<String, Object>of(
                                        "position", definition.origin().toString(),
                                        "time", definition.time().toString(),
                                        "statement", definition.statement()))
                .toList();
    }

    private static List<Map<String, Object>> biggest(LogStatistics log) {
        return log.biggest().stream()
                .map(
                        big ->
                                Map.<String, Object>of(
                                        "gtid", big.gtid(),
                                        "position", big.origin().toString(),
                                        "bytes", big.bytes(),
                                        "rows", big.rows()))
                .toList();
    }

    private static Map<String, Object> obstacles(LogStatistics log) {
        var obstacles = new LinkedHashMap<String, Object>();
        log.obstacles()
                .forEach(
                        (what, obstacle) ->
                                obstacles.put(
                                        what,
                                        Map.of(
                                                "count", obstacle.count(),
                                                "first", obstacle.first().toString(),
                                                "detail", obstacle.detail())));
        return obstacles;
    }
}
