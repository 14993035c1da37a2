package io.backstay.cli.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// This program as a process of its own, where a drill needs it elsewhere, with fewer rights, or
/// killed.
final class GuardProcess {
    private GuardProcess() {}

    /// @param before a program that runs it, and its options; may be empty
    static Process start(List<String> before, List<String> words) throws IOException {
        var command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.backstay.cli.Main"));
        command.addAll(words);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
    }

    /// Runs a check of the ground's target to its end.
    static Program.Answer check(DrillGround ground, List<String> before) throws Exception {
        Process process =
                start(
                        before,
                        List.of(
                                "--output",
                                "json",
                                "guard",
                                "check",
                                "--operation",
                                "wipe",
                                "--target",
                                "path:" + ground.target(),
                                "--state",
                                ground.state().toString()));
        ground.later(() -> process.destroyForcibly().waitFor());
        String said =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        return new Program.Answer(process.waitFor(), said);
    }
}
