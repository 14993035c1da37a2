package io.backstay.cli;

import io.backstay.binlog.look.LogWalk;
import io.backstay.binlog.look.NetChanges;
import io.backstay.binlog.look.NetTable;
import io.backstay.binlog.look.NetTable.Net;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "fold",
        description =
                "Print what binary log files amount to: each touched row as it was before and as it is after,"
                        + " counted by table.",
        footer = {
            "",
            "Needs no server, and works in memory. A row's key is that of --key-columns, else the primary key that",
            "the log names (binlog_row_metadata=FULL). A table that cannot be folded exactly is named with the",
            "reason. What foreign keys did to other rows is in no log of MariaDB, nor of MySQL before 9.6.",
            "Exit codes: 0 all folded, 2 a file cannot be read, or a change is no row change,",
            "4 folded, but not every table or transaction (each named)."
        })
final class BinlogFoldCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private BinlogFilesOption input = new BinlogFilesOption();

    @Option(names = "--rows", description = "Print the net rows too.")
    private boolean isRowsWanted;

    @Option(
            names = "--key-columns",
            paramLabel = "SCHEMA.TABLE=NAME[,NAME...]",
            description = "A table's key, by names or numbers from 1. May be given several times.")
    private List<String> keyColumns = List.of();

    @Override
    public Integer call() {
        var net = new NetChanges(namedKeys(), input.codec());
        try (LogWalk walk = input.walk()) {
            while (walk.next()) {
                net.add(walk);
            }
        }
        net.finish();
        console.result(text(net), () -> document(net));
        boolean isWhole =
                net.unfinished().isEmpty()
                        && net.tables().values().stream()
                                .allMatch(table -> table.refusal().isEmpty());
        return isWhole ? 0 : ErrorCode.UNPROVEN.exitCode();
    }

    private Map<String, List<String>> namedKeys() {
        var named = new LinkedHashMap<String, List<String>>();
        for (String entry : keyColumns) {
            int equals = entry.indexOf('=');
            if (equals < 1 || equals == entry.length() - 1) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "--key-columns: expected SCHEMA.TABLE=NAME[,NAME...], found '%s'"
                                .formatted(entry),
                        "`--key-columns shop.orders=1` takes the first column.");
            }
            named.put(entry.substring(0, equals), List.of(entry.substring(equals + 1).split(",")));
        }
        return named;
    }

    private String text(NetChanges net) {
        var text = new StringBuilder("%d transactions".formatted(net.transactions()));
        net.tables()
                .forEach(
                        (name, table) -> {
                            text.append('\n').append(line(name, table));
                            if (isRowsWanted) {
                                table.rows().values().forEach(row -> row(text, table, row));
                            }
                        });
        net.unfinished()
                .forEach(
                        transaction ->
                                text.append(
                                        "\nNOT COUNTED %s: no end in the log"
                                                .formatted(transaction)));
        return text.toString();
    }

    private static String line(String name, NetTable table) {
        return table.refusal()
                .map(reason -> "NOT FOLDED %s: %s".formatted(name, reason))
                .orElseGet(
                        () ->
                                "%s: %d rows inserted, %d updated, %d deleted, %d as they were"
                                        .formatted(
                                                name,
                                                table.count(Net.INSERTED),
                                                table.count(Net.UPDATED),
                                                table.count(Net.DELETED),
                                                table.count(Net.UNCHANGED)));
    }

    private static void row(StringBuilder text, NetTable table, NetTable.NetRow row) {
        if (row.net() != Net.UNCHANGED) {
            text.append(
                    "%n    %s: %s -> %s"
                            .formatted(
                                    row.net(),
                                    RowDocument.shown(table.map(), row.before()),
                                    RowDocument.shown(table.map(), row.after())));
        }
    }

    private Map<String, Object> document(NetChanges net) {
        var tables = new LinkedHashMap<String, Object>();
        net.tables().forEach((name, table) -> tables.put(name, document(table)));
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("transactions", net.transactions());
        document.put("tables", tables);
        document.put("unfinished", net.unfinished());
        return document;
    }

    private Map<String, Object> document(NetTable table) {
        var document = new LinkedHashMap<String, Object>();
        table.refusal().ifPresent(reason -> document.put("refusal", reason));
        document.put("inserted", table.count(Net.INSERTED));
        document.put("updated", table.count(Net.UPDATED));
        document.put("deleted", table.count(Net.DELETED));
        document.put("unchanged", table.count(Net.UNCHANGED));
        if (isRowsWanted) {
            var rows = new ArrayList<Map<String, Object>>();
            for (NetTable.NetRow row : table.rows().values()) {
                if (row.net() != Net.UNCHANGED) {
                    var item = new LinkedHashMap<String, Object>();
                    item.put("net", row.net().name());
                    row.before()
                            .ifPresent(
                                    image ->
                                            item.put(
                                                    "before",
                                                    RowDocument.image(table.map(), image)));
                    row.after()
                            .ifPresent(
                                    image ->
                                            item.put(
                                                    "after",
                                                    RowDocument.image(table.map(), image)));
                    rows.add(item);
                }
            }
            document.put("rows", rows);
        }
        return document;
    }
}
