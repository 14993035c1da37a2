package io.backstay.cli;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.permit.PermitAsk;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.SigningKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "sign",
        description = "Say what a host asks leave for, and give it by signing.",
        footer = {
            "",
            "Runs anywhere. Each of two people signs with a key of their own (`backstay key new`), whose"
                    + " public half lies on the host, in permit-keys in the guard's own folder.",
            "Exit codes: 0 signed, 2 usage or no such ask."
        })
final class GuardPermitSignCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Parameters(paramLabel = "ASK", description = "The file that `guard permit ask` made.")
    private Path ask = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "OWNER.key",
            required = true,
            description = "The signer's own key.")
    private Path key = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Where the permit goes; a new file.")
    private Path out = Path.of("");

    @Override
    public Integer call() {
        byte[] bytes = Disk.readText(ask).getBytes(StandardCharsets.UTF_8);
        PermitAsk read = PermitAsk.of(bytes);
        Path file = out.toAbsolutePath().normalize();
        String permit =
                Envelope.sign(PermitAsk.PAYLOAD_TYPE, bytes, List.of(SigningKey.load(key))).json();
        if (!Disk.createOnce(file, permit + "\n")) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot write to %s: the file exists".formatted(file),
                    "choose another name.");
        }
        console.result(
                "SIGNED %s of %s on machine %s by the command %s: %s"
                        .formatted(
                                read.operation(),
                                read.target(),
                                read.machineId(),
                                read.command(),
                                file)
                        .replaceAll("\\p{Cntrl}", "?"),
                () ->
                        Map.of(
                                "schemaVersion",
                                1,
                                "nonce",
                                read.nonce(),
                                "operation",
                                read.operation(),
                                "target",
                                read.target(),
                                "command",
                                read.command(),
                                "file",
                                file.toString()));
        return 0;
    }
}
