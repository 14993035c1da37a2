package io.backstay.cli;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.GuardRequest;
import io.backstay.guard.permit.PermitAsk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ask",
        description = "Write down what leave is asked for: one command on one target, once.",
        footer = {
            "",
            "Run on the host that will act; two people sign the file: `backstay guard permit sign`. It"
                    + " is good in this boot only. Nothing is looked at yet.",
            "Exit codes: 0 written, 2 usage."
        })
final class GuardPermitAskCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private GuardTargetOptions options = new GuardTargetOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Where the ask goes; a new file.")
    private Path out = Path.of("");

    @Option(
            names = "--valid-for",
            paramLabel = "TIME",
            description = "Until the command must have begun, up to PT1H. Default: PT30M.")
    private Duration validFor = Duration.ofMinutes(30);

    @Parameters(
            paramLabel = "COMMAND",
            arity = "1..*",
            description = "The command and its arguments, behind `--`. Must hold {target}.")
    private List<String> command = List.of();

    @Override
    public Integer call() {
        GuardRequest request = options.request();
        CommandTemplate.of(command);
        try (var journal = GuardJournal.open(options.requireStateForLedger())) {
            PermitAsk ask = journal.permits().ask(request, command, validFor);
            Path file = out.toAbsolutePath().normalize();
            if (!Disk.createOnce(file, new String(ask.bytes(), StandardCharsets.UTF_8))) {
                throw new Problem(
                        ErrorCode.USAGE,
                        "cannot write to %s: the file exists".formatted(file),
                        "choose another name.");
            }
            console.result(
                    "ASKED for %s of %s as %s: %s"
                            .formatted(ask.operation(), ask.target(), ask.nonce(), file),
                    () ->
                            Map.of(
                                    "schemaVersion",
                                    1,
                                    "nonce",
                                    ask.nonce(),
                                    "file",
                                    file.toString()));
            return 0;
        }
    }
}
