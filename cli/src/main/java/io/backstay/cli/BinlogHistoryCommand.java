package io.backstay.cli;

import io.backstay.binlog.look.KeyColumns;
import io.backstay.binlog.look.LogWalk;
import io.backstay.binlog.look.LoggedTransaction;
import io.backstay.binlog.look.RowChange;
import io.backstay.binlog.look.RowHistory;
import io.backstay.binlog.look.StatementKind;
import io.backstay.binlog.value.ValueCodec;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "history",
        description =
                "Print every change of one row: when, by which transaction and session, from what to what.",
        footer = {
            "",
            "The key's columns are those of --key-columns, else the primary key that the log names",
            "(binlog_row_metadata=FULL), else the table's first columns, which is said. A row whose key changes",
            "goes on under its new key.",
            "Exit codes: 0 printed, 1 no change of that row, 2 usage, or a file that cannot be read to its end."
        })
final class BinlogHistoryCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private BinlogFilesOption input = new BinlogFilesOption();

    @Option(
            names = "--table",
            required = true,
            paramLabel = "SCHEMA.TABLE",
            description = "The row's table.")
    private String table = "";

    @Option(
            names = "--key",
            required = true,
            paramLabel = "VALUE[,VALUE...]",
            split = ",",
            description = "The row's key, as `binlog show --rows` prints it, without quotes.")
    private List<String> key = List.of();

    @Option(
            names = "--key-columns",
            paramLabel = "NAME[,NAME...]",
            split = ",",
            description = "The key's columns, by name or by number from 1.")
    private List<String> keyColumns = List.of();

    @Override
    public Integer call() {
        if (!table.contains(".")) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--table: expected SCHEMA.TABLE, found '%s'".formatted(table),
                    "`backstay binlog stats FILE...` lists the tables of a log.");
        }
        ValueCodec codec = input.codec();
        return console.isJson() ? document(codec) : text(codec);
    }

    private int text(ValueCodec codec) {
        var count = new AtomicLong();
        RowHistory history =
                read(
                        codec,
                        change -> {
                            count.incrementAndGet();
                            console.line(line(change));
                        });
        console.line(
                count.get() == 0
                        ? "no change of this row among %d of %s"
                                .formatted(history.rowsSeen(), table)
                        : "%d changes".formatted(count.get()));
        history.columns()
                .filter(columns -> columns.source() == KeyColumns.Source.ASSUMED)
                .ifPresent(
                        columns ->
                                console.warn(
                                        "the log does not name the primary key of %s: taken to be its first %s; --key-columns says otherwise"
                                                .formatted(
                                                        table,
                                                        columns.columns().size() == 1
                                                                ? "column"
                                                                : columns.columns().size()
                                                                        + " columns")));
        return count.get() == 0 ? ErrorCode.FAILED.exitCode() : 0;
    }

    private RowHistory read(ValueCodec codec, Consumer<RowChange> sink) {
        var history = new RowHistory(table, key, keyColumns, codec, sink);
        try (LogWalk walk = input.walk()) {
            while (walk.next()) {
                history.add(walk);
            }
        }
        history.finish();
        return history;
    }

    private static String line(RowChange change) {
        LoggedTransaction transaction = change.transaction();
        var line = new StringBuilder();
        line.append(
                "%s  %s  %s  %s%s"
                        .formatted(
                                transaction.time(),
                                transaction,
                                change.origin(),
                                change.change(),
                                ending(transaction)));
        line.append(
                "\n    before %s".formatted(RowDocument.shown(change.table(), change.before())));
        line.append("\n    after  %s".formatted(RowDocument.shown(change.table(), change.after())));
        transaction.threadId().ifPresent(id -> line.append("\n    session %d".formatted(id)));
        change.statement()
                .ifPresent(statement -> line.append("\n    by " + StatementKind.shown(statement)));
        return line.toString();
    }

    private static String ending(LoggedTransaction transaction) {
        return switch (transaction.ending()) {
            case COMMITTED -> "";
            case OPEN -> "  (its transaction has no end in these files)";
            case ROLLED_BACK -> "  (its transaction was rolled back)";
            case PREPARED ->
                    "  (prepared: counts if XA COMMIT %s follows)"
                            .formatted(transaction.xa().map(Object::toString).orElse("?"));
        };
    }

    private int document(ValueCodec codec) {
        var list = new JsonList(console, "changes");
        var count = new AtomicLong();
        try {
            RowHistory history =
                    read(
                            codec,
                            change -> {
                                count.incrementAndGet();
                                list.add(item(change));
                            });
            var end = new LinkedHashMap<String, Object>();
            end.put("table", table);
            end.put("key", key);
            end.put(
                    "keyFrom",
                    history.columns().map(columns -> columns.source().name()).orElse(""));
            end.put("rowsSeen", history.rowsSeen());
            list.end(end);
            return count.get() == 0 ? ErrorCode.FAILED.exitCode() : 0;
        } catch (Problem e) {
            return list.end(e);
        }
    }

    private static Map<String, Object> item(RowChange change) {
        LoggedTransaction transaction = change.transaction();
        var item = new LinkedHashMap<String, Object>();
        item.put("time", transaction.time().toString());
        transaction.gtid().ifPresent(gtid -> item.put("gtid", gtid.toString()));
        item.put("position", change.origin().toString());
        item.put("ending", transaction.ending().name());
        transaction.threadId().ifPresent(id -> item.put("session", id));
        change.statement().ifPresent(statement -> item.put("statement", statement));
        item.putAll(RowDocument.of(change));
        return item;
    }
}
