package io.backstay.cli;

import io.backstay.change.ChangeDirectory;
import io.backstay.change.plan.FleetFacts;
import io.backstay.change.plan.Plan;
import io.backstay.change.plan.PlanText;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = "Show which hosts a change would touch, in which order. Touches none.",
        footer =
                "%nExit codes: 0 there is a plan, 2 a bad file, 3 refused: the fleet is not as the"
                        + " change expects.")
final class ChangePlanCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Parameters(paramLabel = "DIR", description = "Directory with change.yaml and its files.")
    private Path folder = Path.of("");

    @Option(
            names = "--fleet",
            required = true,
            paramLabel = "FILE",
            description =
                    "What was seen of the fleet, as JSON: hosts with name, cluster, role, labels,"
                            + " version, healthy.")
    private Path fleet = Path.of("");

    @Override
    public Integer call() {
        ChangeDirectory change = ChangeDirectory.load(folder);
        Plan.Result result = Plan.resolve(change, FleetFacts.parse(Disk.readText(fleet)));
        if (console.isJson()) {
            console.resultJson(PlanText.json(result, change));
        } else {
            console.line(PlanText.text(result, change));
        }
        return switch (result) {
            case Plan.Result.Resolved _ -> 0;
            case Plan.Result.Refused _ -> ErrorCode.REFUSED.exitCode();
        };
    }
}
