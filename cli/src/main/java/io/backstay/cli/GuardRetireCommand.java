package io.backstay.cli;

import io.backstay.cli.retire.CertifiedBackup;
import io.backstay.cli.retire.ThisHost;
import io.backstay.guard.Guard;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.GuardedAct;
import io.backstay.guard.HostView;
import io.backstay.guard.Target;
import io.backstay.guard.retire.RetireRequest;
import io.backstay.guard.retire.Retirement;
import io.backstay.mysql.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "retire",
        description =
                "Take a MariaDB server that holds data out for good: fence it, watch, stop it, watch, look again,"
                        + " and only then destroy its data.",
        footer = {
            "",
            "Refused, with everything put back, unless each peer by itself holds all of it, one of them takes the"
                    + " writes, nobody is connected or writes for the whole watch, and a backup that was restored"
                    + " and proven covers it. The same command after a kill goes on where it was.",
            "COMMAND, behind `--`, destroys the held folder {target}; by default"
                    + " `find {target} -mindepth 1 -delete`.",
            "Run as root, on the host itself. Exit codes: 0 retired, undone, or nothing against it (--dry-run),"
                    + " 2 usage, 3 refused, 5 in doubt."
        })
final class GuardRetireCommand implements Callable<Integer> {
    private static final List<String> DELETE =
            List.of("find", CommandTemplate.PLACE, "-mindepth", "1", "-delete");

    @Mixin private Console console = new Console();
    @Mixin private GuardStateOption state = new GuardStateOption();

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            required = true,
            description = "path:DIR, the server's data directory by its full and real path.")
    private String target = "";

    @Option(
            names = "--server",
            paramLabel = "URL",
            required = true,
            converter = ServerAddressConverter.class,
            description = "The server that is to go, by its socket: mysql:///PATH.sock?user=USER.")
    private @Nullable ServerAddress server;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            required = true,
            description = "The cluster's name, the same on all of its members.")
    private String cluster = "";

    @Option(
            names = "--peer",
            paramLabel = "NAME=URL",
            required = true,
            description =
                    "Another member of the cluster, by TCP; every one of them. Each must hold all of the data.")
    private Map<String, String> peers = Map.of();

    @Option(
            names = "--archive",
            paramLabel = "DIR",
            description =
                    "The cluster's archive: its newest certificate counts, and the log behind it.")
    private Optional<Path> archive = Optional.empty();

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description =
                    "A restore's certificate. Without --archive it must itself reach the end.")
    private Optional<Path> certificate = Optional.empty();

    @Option(
            names = "--keys",
            paramLabel = "FOLDER",
            description =
                    "Public keys that may have signed it, OWNER.pub each. Default: ~/.backstay/restore.")
    private Path keys = Path.of(System.getProperty("user.home", "/tmp"), ".backstay", "restore");

    @Option(
            names = "--certificate-age",
            paramLabel = "TIME",
            description = "How old the restore may be. Default: ${DEFAULT-VALUE}.")
    private Duration ageMax = Duration.ofDays(7);

    @Option(
            names = "--watch",
            paramLabel = "TIME",
            description =
                    "How long nothing may happen, once fenced and again stopped. Default: ${DEFAULT-VALUE}.")
    private Duration watch = Duration.ofSeconds(30);

    @Option(
            names = "--discovery",
            paramLabel = "PROGRAM",
            description =
                    "Run as `PROGRAM out` before the fence and `PROGRAM in` by the undo. Without it nothing is told"
                            + " that this host goes.")
    private Optional<Path> discovery = Optional.empty();

    @Option(names = "--dry-run", description = "Check everything for real, and change nothing.")
    private boolean isDryRun;

    @Option(names = "--undo", description = "Take back all steps of a retirement that is not over.")
    private boolean isUndo;

    @Option(
            names = "--stay",
            description = "A refusal leaves it fenced or stopped, to be gone on with later.")
    private boolean isStaying;

    @Option(
            names = "--settle-doubt",
            paramLabel = "REASON",
            description =
                    "Go on although an earlier destroying has no recorded end: a person has looked, and this is what"
                            + " they saw.")
    private Optional<String> settled = Optional.empty();

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "What destroys the folder.")
    private List<String> command = DELETE;

    @Override
    public Integer call() {
        RetireRequest request = request();
        var template = CommandTemplate.of(command);
        CommandTemplate.requireUnnamed(command, request.target());
        var backup = new CertifiedBackup(certificate, archive, keys, ageMax);
        try (var journal = GuardJournal.open(state.requireForLedger())) {
            journal.requireNotStopped();
            journal.requireNoDoubt(request.question(), settled);
            var act = new RunCommand(template, console.isJson(), false);
            var retirement =
                    new Retirement(
                            request,
                            journal.ledger(),
                            backup,
                            new ThisHost(discovery.map(Path::toAbsolutePath)),
                            (guard, question) -> destroy(journal, guard, question, act),
                            console::say);
            return told(request, run(retirement));
        }
    }

    private Retirement.Ended run(Retirement retirement) {
        if (isDryRun) {
            return retirement.dryRun();
        }
        return isUndo ? retirement.undo() : retirement.run(isStaying);
    }

    private static GuardedAct.Outcome destroy(
            GuardJournal journal, Guard guard, GuardRequest question, RunCommand act) {
        try (var end = new EndWithCommand(act::endSoon)) {
            GuardedAct.Outcome outcome =
                    GuardedAct.run(guard, question, journal.recorder(question), act);
            journal.outcome(outcome, question, act.exit());
            end.endsWith(ExecDocument.of(outcome, act.exit()).exit());
            return outcome;
        }
    }

    private int told(RetireRequest request, Retirement.Ended ended) {
        String name = request.target().text();
        RetireDocument document = RetireDocument.of(name, ended);
        console.result(document.text(), () -> document.json(name));
        return document.exit();
    }

    private RetireRequest request() {
        return RetireRequest.of(
                Target.parse(target),
                Objects.requireNonNull(server),
                cluster,
                peers.entrySet().stream()
                        .map(
                                peer ->
                                        new HostView.Peer(
                                                peer.getKey(),
                                                ServerAddress.parse(peer.getValue())))
                        .toList(),
                state.view(),
                watch);
    }
}
