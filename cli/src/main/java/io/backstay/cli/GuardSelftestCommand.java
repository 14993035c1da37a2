package io.backstay.cli;

import io.backstay.cli.faults.SelfTest;
import io.backstay.doors.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "selftest",
        description = "Tell this host's guard prepared lies, all of which it must refuse.",
        footer = {
            "",
            "Needs no server and a few seconds; touches one new folder only. For hosts that serve."
                    + " Run as root.",
            "Exit codes: 0 every lie was refused and the truth believed, 1 not so, 2 usage."
        })
final class GuardSelftestCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Where the test's folder is made; a short path, on the file system that"
                            + " matters. Default: /var/tmp.")
    private Path parent = Path.of("/var/tmp");

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory(parent.toRealPath(), "bs");
        List<SelfTest.Result> results = SelfTest.run(folder);
        boolean isGood = results.stream().allMatch(SelfTest.Result::passed);
        int exit = isGood ? 0 : ErrorCode.FAILED.exitCode();
        console.result(
                results.stream().map(SelfTest.Result::line).collect(Collectors.joining("\n")),
                () -> {
                    var document = new LinkedHashMap<String, Object>();
                    document.put("schemaVersion", 1);
                    document.put("lies", results);
                    document.put("exit", exit);
                    return document;
                });
        return exit;
    }
}
