package io.backstay.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "version",
        description = "Print the version of Backstay.",
        footer = "%nExit codes: 0 printed.")
final class VersionCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    /// JSON by hand: nothing here needs escaping, and loading Jackson would be most of this verb's
    /// time.
    @Override
    public Integer call() {
        String java = String.valueOf(Runtime.version().feature());
        if (console.isJson()) {
            console.resultJson(
                    "{\"schemaVersion\":1,\"version\":\"%s\",\"java\":%s}"
                            .formatted(Version.NUMBER, java));
        } else {
            console.line("backstay " + Version.NUMBER + " (Java " + java + ")");
        }
        return 0;
    }
}
