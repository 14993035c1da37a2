package io.backstay.cli;

import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.guard.DisposableNames;
import io.backstay.guard.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "learn",
        description =
                "Propose names of files in a folder for the list of disposable names. Changes"
                        + " nothing.",
        footer = {
            "",
            "What is recognised as data is never proposed. Look at each file before you add its name"
                    + " to disposable-names in the guard's own folder.",
            "Exit codes: 0 proposed, 2 usage."
        })
final class GuardLearnCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Option(
            names = "--target",
            paramLabel = "path:DIR",
            required = true,
            description = "The folder to look into, by its full and real path.")
    private String target = "";

    @Option(
            names = "--state",
            paramLabel = "FOLDER",
            description = "The guard's own folder. Default: ~/.backstay/guard.")
    private Path state = GuardStateOption.DEFAULT_STATE;

    @Override
    public Integer call() {
        if (!(Target.parse(target) instanceof Target.PathTarget(Path folder))) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "only a folder has names to learn, not " + target,
                    "name one as in `--target path:/srv/mysql/data`.");
        }
        Path list = state.resolve(GuardStateOption.DISPOSABLE_NAMES);
        List<String> names = DisposableNames.propose(folder, DisposableNames.with(list));
        if (console.isJson()) {
            var root = JsonMapper.builder().build().createObjectNode();
            root.put("schemaVersion", 1).put("target", target).put("list", list.toString());
            names.forEach(root.putArray("proposed")::add);
            console.resultJson(root.toString());
        } else {
            console.line("# after looking at each, add to " + list);
            names.forEach(console::line);
        }
        return 0;
    }
}
