package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.restore.FolderRestore;
import io.backstay.recovery.restore.GoOn;
import io.backstay.recovery.restore.Restore;
import io.backstay.recovery.restore.RestorePlan;
import io.backstay.recovery.restore.RestoreRequest;
import io.backstay.recovery.restore.RestoreResult;
import io.backstay.recovery.restore.Until;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "restore",
        description =
                "Load the final state of an archive into an empty MariaDB server, and prove it.",
        footer = {
            "",
            "The log is folded to its net row changes, which are merged into the base on the way in; of a table for which",
            "there is no such thing the rest of the log is executed in order: --dry-run says of which, and why. The target",
            "must be proven empty: no user schema, no replication, no client, no GTID state. Killed at any",
            "moment, the same command goes on with the tables that are not loaded.",
            "With --databases, --tables or --rename-database only these come, also into a server in use: then",
            "none of the names may be taken there, and the plan is confirmed by its --digest.",
            "--go-on and --follow take a restored server on to later points: each row only if it is as the archive",
            "says, all in one transaction, GTID state last. A server that was written to is refused. Its read_only",
            "is on meanwhile; a run that is killed leaves it on, and the next one as it found it.",
            "--to-datadir puts the newest base's files (`archive rebase --physical`) into an empty folder, starts a server",
            "there that nobody else reaches, reads every row back, goes on with the log by its net changes, and stops it:",
            "the folder is yours to start a server of that series on. Killed, the same command begins it anew.",
            "Each restore leaves a signed certificate; `archive certificate verify FILE` checks it anywhere.",
            "Exit codes: 0 restored and proven, 1 failed, 2 usage, damage, or what is not supported (named),",
            "3 the target is refused, nothing changed, 4 restored but not all of it proven: what the server executed",
            "is its own word, and what differs is named."
        })
final class RestoreCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private ArchiveOption archive = new ArchiveOption();

    @Option(
            names = "--to",
            paramLabel = "URL",
            converter = ServerAddressConverter.class,
            description = "mysql://USER@HOST:PORT or mysql:///PATH.sock?user=USER.")
    private @Nullable ServerAddress target;

    @Option(
            names = "--until",
            paramLabel = "FILE:POSITION|GTID|TIME",
            description =
                    "The last transaction that is in. Time as 2026-02-03T04:05:06Z. Default: the archive's end.")
    private @Nullable String until;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Tables at once. Default: ${DEFAULT-VALUE}.")
    private int threads = 2;

    @Option(names = "--base-only", description = "Leave the log out.")
    private boolean isBaseOnly;

    @Option(names = "--no-accounts", description = "Leave accounts and grants out.")
    private boolean isWithoutAccounts;

    @Mixin private DataDirectoryOptions directory = new DataDirectoryOptions();
    @Mixin private SelectionOptions selection = new SelectionOptions();
    @Mixin private CertificateOptions certificates = new CertificateOptions();
    @Mixin private MemoryOption memory = new MemoryOption();

    @Option(
            names = "--digest",
            paramLabel = "DIGEST",
            description =
                    "Confirms the plan with this digest (12 digits are enough): for a target that is not empty.")
    private String digest = "";

    @Option(
            names = "--delta",
            description =
                    "Onto a stale or damaged server: only key ranges that differ are replaced. Confirmed by --digest.")
    private boolean isDelta;

    @Option(
            names = "--go-on",
            description =
                    "Take a server that an earlier restore made on to a later point: only what changed in between.")
    private boolean isGoingOn;

    @Option(
            names = "--follow",
            description = "As --go-on, again whenever the archive has grown, until it is stopped.")
    private boolean isFollowing;

    @Option(names = "--dry-run", description = "Print the plan; the target is not asked.")
    private boolean isDryRun;

    @Override
    public Integer call() {
        Threads.require(threads);
        if (directory.isWanted(target != null)) {
            return intoFolder();
        }
        ServerAddress server = Objects.requireNonNull(target);
        RestoreRequest request =
                new RestoreRequest(
                                archive.address(),
                                server,
                                until == null ? new Until.End() : Until.parse(until),
                                threads,
                                isBaseOnly,
                                !isWithoutAccounts)
                        .withSelection(selection.selection(), digest)
                        .within(memory.limit());
        if (isDelta) {
            request = delta(request);
        }
        if (isGoingOn || isFollowing) {
            return goOn(request);
        }
        if (isDryRun) {
            RestorePlan plan = Restore.plan(request);
            String estimate =
                    CertificateOptions.estimate(archive.address().workFolder(), bytes(plan));
            console.result(
                    plan.text() + estimate + "\nplan " + plan.digest(server).substring(0, 12),
                    () -> document(plan, server, estimate));
            return 0;
        }
        RestoreResult result =
                Restore.run(
                        request,
                        new RecoveryProgress(console),
                        certificates.certification(archive.address().workFolder()));
        console.result(text(result) + "\n" + certificates.said(), () -> document(result));
        return result.isProven() ? 0 : ErrorCode.UNPROVEN.exitCode();
    }

    private int intoFolder() {
        if (!selection.selection().isAll()
                || isBaseOnly
                || isDryRun
                || isDelta
                || isGoingOn
                || isFollowing
                || isWithoutAccounts) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--to-datadir restores a whole base and its log, found a selection, --base-only, --no-accounts,"
                            + " --dry-run, --delta, --go-on or --follow",
                    "leave it out, or restore into a running server: --to URL.");
        }
        FolderRestore.Result result =
                directory.run(
                        archive,
                        until == null ? new Until.End() : Until.parse(until),
                        threads,
                        console,
                        certificates.certification(archive.address().workFolder()));
        console.result(
                directory.text(result) + "\n" + certificates.said(),
                () -> {
                    var document = directory.document(result);
                    document.put("certificate", certificates.file().toString());
                    document.put("certificateKey", certificates.keyId());
                    return document;
                });
        return result.isProven() ? 0 : ErrorCode.UNPROVEN.exitCode();
    }

    private RestoreRequest delta(RestoreRequest request) {
        if (!request.selection().isAll() || isGoingOn || isFollowing) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--delta is for a whole server, found a selection, --go-on or --follow",
                    "leave it out.");
        }
        return request.asDelta(digest);
    }

    private static long bytes(RestorePlan plan) {
        return plan.tables().stream().mapToLong(RestorePlan.TablePlan::bytes).sum();
    }

    /// Each step that changed something is a result of its own.
    private int goOn(RestoreRequest request) {
        if (!request.selection().isAll()
                || isBaseOnly
                || isDryRun
                || (isFollowing && until != null)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "--go-on and --follow take everything that is in the log, found a selection, --base-only, --dry-run"
                            + " or, with --follow, --until",
                    "leave it out.");
        }
        boolean isFirst = true;
        do {
            GoOn.Result step = GoOn.run(request, new RecoveryProgress(console));
            if (isFirst || step.transactions() > 0) {
                console.result(
                        "gone on from %s to %s: %d transactions, %d rows changed and read back, %d as they were to be"
                                .formatted(
                                        step.from(),
                                        step.to(),
                                        step.transactions(),
                                        step.rows(),
                                        step.already()),
                        () -> document(step));
            }
            isFirst = false;
        } while (isFollowing && hasWaited());
        return 0;
    }

    private static boolean hasWaited() {
        try {
            TimeUnit.SECONDS.sleep(1);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Map<String, Object> document(GoOn.Result step) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("from", step.from());
        document.put("to", step.to());
        document.put("transactions", step.transactions());
        document.put("rows", step.rows());
        document.put("already", step.already());
        return document;
    }

    private static String text(RestoreResult result) {
        var phases = new StringBuilder();
        result.phases()
                .forEach(
                        (name, took) -> phases.append(" %s %.2f s".formatted(name, seconds(took))));
        var text = new StringBuilder();
        text.append(
                "restored %s to GTID %s: %d tables, %d rows, %d transactions of log, in %.1f s (%s)"
                        .formatted(
                                result.baseId(),
                                result.gtid().isEmpty() ? "(none)" : result.gtid(),
                                result.tables().size(),
                                result.rows(),
                                result.transactions(),
                                seconds(result.took()),
                                phases.toString().strip()));
        if (result.isProven()) {
            text.append("\nproven: every table read back from the server is what was loaded");
        }
        result.unproven().forEach(reason -> text.append("\nNOT PROVEN ").append(reason));
        return text.toString();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private Map<String, Object> document(RestoreResult result) {
        var phases = new LinkedHashMap<String, Object>();
        result.phases().forEach((name, took) -> phases.put(name, seconds(took)));
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("base", result.baseId());
        document.put("gtid", result.gtid());
        document.put("gtidBinlogState", result.gtidBinlogState());
        document.put("proven", result.isProven());
        document.put("unproven", result.unproven());
        document.put("rows", result.rows());
        document.put("transactions", result.transactions());
        document.put("rowEvents", result.rowEvents());
        document.put("seconds", seconds(result.took()));
        document.put("phaseSeconds", phases);
        document.put("tables", result.tables());
        document.put("notes", result.notes());
        document.put("certificate", certificates.file().toString());
        document.put("certificateKey", certificates.keyId());
        return document;
    }

    private static Map<String, Object> document(
            RestorePlan plan, ServerAddress server, String estimate) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("base", plan.base().id());
        document.put("baseGtid", plan.base().gtid());
        document.put("until", plan.until());
        document.put("stop", plan.stop().toString());
        document.put("segments", plan.segments().stream().map(s -> s.part().path()).toList());
        document.put("tables", plan.surveyed());
        document.put("selection", plan.selection().toString());
        document.put("bytes", bytes(plan));
        document.put("estimate", estimate);
        document.put("digest", plan.digest(server));
        document.put("notes", plan.document().warnings());
        return document;
    }
}
