package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ServerAddress;
import io.backstay.mysql.TableName;
import io.backstay.recovery.restore.Until;
import io.backstay.recovery.undo.Undo;
import io.backstay.recovery.undo.UndoPlan;
import io.backstay.recovery.undo.UndoRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "undo",
        description = "Take a stretch of log, or one transaction, back on the server it came from.",
        footer = {
            "",
            "The stretch is folded to its net row changes, which are turned round and put in as one transaction,",
            "as row images: no trigger fires. A row that has changed since is a conflict: listed, never touched.",
            "A row that others hang on by a foreign key is refused by name. --dry-run does it all and rolls back.",
            "Without --dry-run the plan has to be confirmed by its --digest, which a first run shows.",
            "Exit codes: 0 done, or shown, 1 failed, conflicts (the other rows are put back), 2 usage, damage, or",
            "what is not supported (named), 3 refused or not confirmed, nothing changed."
        })
final class UndoCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private ArchiveOption archive = new ArchiveOption();

    @Option(
            names = "--server",
            required = true,
            paramLabel = "URL",
            converter = ServerAddressConverter.class,
            description = "mysql://USER@HOST:PORT or mysql:///PATH.sock?user=USER.")
    private @Nullable ServerAddress server;

    @Option(
            names = "--from",
            paramLabel = "FILE:POSITION|GTID|TIME",
            description = "Behind the last transaction that stays.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "FILE:POSITION|GTID|TIME",
            description = "The last transaction that is taken out.")
    private @Nullable String to;

    @Option(
            names = "--gtid",
            paramLabel = "GTID",
            description = "This one transaction, in place of --from and --to.")
    private @Nullable String gtid;

    @Option(
            names = "--tables",
            split = ",",
            paramLabel = "DATABASE.TABLE",
            description = "Only these tables. Default: all that the stretch changed.")
    private List<String> tables = List.of();

    @Option(
            names = "--digest",
            paramLabel = "DIGEST",
            description = "Confirms the plan with this digest; 12 digits are enough.")
    private String digest = "";

    @Option(
            names = "--dry-run",
            description = "Try everything, roll it back, and print the plan with its digest.")
    private boolean isDryRun;

    @Override
    public Integer call() {
        UndoRequest request = request().confirmedBy(digest);
        Undo.Result result = isDryRun ? Undo.dryRun(request) : Undo.run(request);
        UndoPlan plan = result.plan();
        console.result(text(result), () -> document(result));
        return plan.conflictCount() == 0 ? 0 : ErrorCode.FAILED.exitCode();
    }

    private UndoRequest request() {
        ServerAddress where = Objects.requireNonNull(server);
        boolean isStretch = from != null && to != null && gtid == null;
        boolean isOne = from == null && to == null && gtid != null;
        if (!isStretch && !isOne) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "`undo` needs either --from and --to, or --gtid",
                    "write `--from P --to Q` or `--gtid 0-1-42`.");
        }
        if (isStretch) {
            return UndoRequest.ofStretch(
                    archive.address(),
                    where,
                    Until.parse(Objects.requireNonNull(from)),
                    Until.parse(Objects.requireNonNull(to)),
                    names());
        }
        if (Until.parse(Objects.requireNonNull(gtid)) instanceof Until.AtGtid at) {
            return UndoRequest.ofTransaction(archive.address(), where, at, names());
        }
        throw new Problem(
                ErrorCode.USAGE,
                "--gtid: expected DOMAIN-SERVER-NUMBER, found '" + gtid + "'",
                "write `--gtid 0-1-42`.");
    }

    private Set<TableName> names() {
        var names = new TreeSet<TableName>();
        for (String table : tables) {
            int dot = table.indexOf('.');
            if (dot < 1 || dot == table.length() - 1) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "--tables: expected DATABASE.TABLE, found '" + table + "'",
                        "write `--tables shop.customer,shop.product`.");
            }
            names.add(new TableName(table.substring(0, dot), table.substring(dot + 1)));
        }
        return names;
    }

    private static String text(Undo.Result result) {
        UndoPlan plan = result.plan();
        String end =
                result.isApplied()
                        ? "done: %d rows put back, in one transaction".formatted(plan.rows())
                        : "plan %s, tried and rolled back: nothing was changed"
                                .formatted(plan.digest().substring(0, 12));
        return plan.text() + end;
    }

    private static Map<String, Object> document(Undo.Result result) {
        UndoPlan plan = result.plan();
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("applied", result.isApplied());
        document.put("server", plan.server());
        document.put("stretch", plan.stretch());
        document.put("transactions", plan.transactions());
        document.put("rows", plan.rows());
        document.put("tables", plan.tables());
        document.put("conflictCount", plan.conflictCount());
        document.put("conflicts", plan.conflicts());
        document.put("digest", plan.digest());
        return document;
    }
}
