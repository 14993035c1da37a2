package io.backstay.cli;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.GuardedAct;
import io.backstay.guard.Target;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "exec",
        description =
                "Run a command that destroys a folder or a device, only if this machine clears it.",
        footer = {
            "",
            "COMMAND is run without a shell, with {target} replaced by the name under which the"
                    + " target is held meanwhile. Examples:",
            "  backstay guard exec --operation wipe --target path:/srv/mysql/data -- find {target}"
                    + " -mindepth 1 -delete",
            "  backstay guard exec --operation wipe --target device:/dev/sdb -- shred -n1 {target}",
            "  backstay guard exec --operation wipe --target device:/dev/sdb -- mkfs.ext4 {target}",
            "A device is claimed: nobody can mount it, swap on it or build on it meanwhile. mkfs,"
                    + " mke2fs, mkswap, wipefs and blkdiscard claim it themselves, so the guard's"
                    + " claim ends at their start, and the interlock is windowed.",
            "The command inherits the locks on the folder's files, or the claim of the device: `interlock: full` says that it was"
                    + " seen to hold them, so that they live as long as it does even if backstay itself"
                    + " is killed. `windowed` says why they would end with backstay.",
            "Ctrl-C and SIGTERM are passed on to the command; its end is waited for and written down.",
            "Exit codes: 0 it ran and succeeded, 1 it ran and failed, 2 usage, 3 refused, 5 in doubt."
        })
final class GuardExecCommand implements Callable<Integer> {
    private static final String PERMIT_KEYS = "permit-keys";

    @Mixin private Console console = new Console();
    @Mixin private GuardTargetOptions options = new GuardTargetOptions();

    @Option(
            names = "--settle-doubt",
            paramLabel = "REASON",
            description =
                    "Go on although an earlier run on this target has no recorded end: a person has"
                            + " looked, and this is what they saw.")
    private Optional<String> settled = Optional.empty();

    @Option(
            names = "--permit",
            paramLabel = "FILE",
            description =
                    "The permit of this very command, signed by two people; given once for each file"
                            + " that they signed. It is used up by this run, whatever comes of it."
                            + " Needed where permit-keys lies in the guard's own folder.")
    private List<Path> permits = List.of();

    @Option(
            names = "--hand-over",
            description =
                    "COMMAND claims its device itself, though it is none of those named below: for a"
                            + " command that ends with `device or resource busy`.")
    private boolean handOver;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "1..*",
            description = "The command and its arguments, behind `--`. Must hold {target}.")
    private List<String> command = List.of();

    @Override
    public Integer call() {
        GuardRequest request = options.request();
        var template = CommandTemplate.of(command);
        try (var journal = GuardJournal.open(options.requireStateForLedger())) {
            journal.requireNotStopped();
            spendPermit(journal, request);
            journal.requireNoDoubt(request, settled);
            var act = new RunCommand(template, console.isJson(), claimsItself(request));
            try (var end = new EndWithCommand(act::endSoon)) {
                return end.endsWith(run(journal, request, act));
            }
        }
    }

    private void spendPermit(GuardJournal journal, GuardRequest request) {
        Path keys = options.requireStateForLedger().resolve(PERMIT_KEYS);
        // what cannot be seen is there: a link that leads nowhere, a disk that does not answer
        boolean isNeeded = !Files.notExists(keys, LinkOption.NOFOLLOW_LINKS);
        if (isNeeded && !Files.isDirectory(keys)) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "%s is there and cannot be read as a folder of keys".formatted(keys),
                    "look what it is: a mount that is missing, a link that leads nowhere. Without it nobody's permit"
                            + " can be believed.");
        }
        if (isNeeded && permits.isEmpty()) {
            throw new Problem(
                    ErrorCode.REFUSED,
                    "this host acts with a permit only: %s is there".formatted(keys),
                    "`backstay guard permit ask`, have it signed by two people, and give it with --permit.");
        }
        if (!isNeeded && !permits.isEmpty()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "nobody's permit is trusted here: %s is not there".formatted(keys),
                    "put the public keys of those who may permit there, as OWNER.pub.");
        }
        if (isNeeded) {
            List<String> signed = permits.stream().map(Disk::readText).toList();
            journal.permits().spend(signed, TrustedKeys.load(keys), request, command);
        }
    }

    private boolean claimsItself(GuardRequest request) {
        return switch (request.target()) {
            case Target.DeviceTarget _ -> handOver || DeviceCommand.claimsItself(command);
            case Target.PathTarget _, Target.HostTarget _ -> {
                if (handOver) {
                    throw new Problem(
                            ErrorCode.USAGE,
                            "--hand-over is for devices: nothing of a folder is claimed",
                            "leave --hand-over out.");
                }
                yield false;
            }
        };
    }

    private int run(GuardJournal journal, GuardRequest request, RunCommand act) {
        GuardedAct.Outcome outcome =
                GuardedAct.run(
                        new TemplateGuard(options.guard(), command),
                        request,
                        journal.recorder(request),
                        act);
        journal.outcome(outcome, request, act.exit());
        ExecDocument document = ExecDocument.of(outcome, act.exit());
        if (console.isJson()) {
            console.resultJson(document.json());
        } else {
            console.line(document.text());
        }
        return document.exit();
    }
}
