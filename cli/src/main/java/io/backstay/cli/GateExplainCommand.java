package io.backstay.cli;

import io.backstay.change.ChangeDirectory;
import io.backstay.change.StrictJson;
import io.backstay.change.gate.ClusterFacts;
import io.backstay.change.gate.GateQuestion;
import io.backstay.change.gate.GateVerdict;
import io.backstay.change.gate.Policy;
import io.backstay.change.plan.FleetFacts;
import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Time;
import io.backstay.ledger.seal.Envelope;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description = "Say rule by rule whether a change may go on, and what would be missing.",
        footer = "%nExit codes: 0 it may, 2 a bad file, 3 it may not.")
final class GateExplainCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Parameters(paramLabel = "DIR", description = "Directory with change.yaml and its files.")
    private Path folder = Path.of("");

    @Option(
            names = "--fleet",
            required = true,
            paramLabel = "FILE",
            description = "What was seen of the fleet, as JSON, as for `change plan`.")
    private Path fleet = Path.of("");

    @Option(names = "--policy", required = true, paramLabel = "FILE", description = "The rules.")
    private Path policy = Path.of("");

    @Option(
            names = "--keys",
            required = true,
            paramLabel = "FOLDER",
            description = "Public keys that are trusted, OWNER.pub each.")
    private Path keys = Path.of("");

    @Option(
            names = "--clusters",
            paramLabel = "FILE",
            description =
                    "What was seen of each cluster, as JSON: {\"clusters\":[{name, healthy, leases,"
                            + " openChanges, errantGtids, source, expectedSource,"
                            + " versionFloorOk}]}.")
    private Optional<Path> clusters = Optional.empty();

    @Option(
            names = "--evidence",
            paramLabel = "FILE",
            description = "The signed evidence of a rehearsal.")
    private Optional<Path> evidence = Optional.empty();

    @Option(
            names = "--approval",
            paramLabel = "FILE",
            description = "A signed approval. May be given more than once.")
    private List<Path> approvals = List.of();

    @Option(
            names = "--break-glass",
            paramLabel = "FILE",
            description = "A record signed by two people.")
    private Optional<Path> breakGlass = Optional.empty();

    @Option(
            names = "--actor",
            required = true,
            paramLabel = "NAME",
            description = "Who would carry the change out.")
    private String actor = "";

    @Override
    public Integer call() {
        GateQuestion question =
                new GateQuestion(
                        ChangeDirectory.load(folder),
                        FleetFacts.parse(Disk.readText(fleet)),
                        Policy.load(policy),
                        TrustedKeys.load(keys),
                        evidence.map(GateExplainCommand::envelope),
                        approvals.stream().map(GateExplainCommand::envelope).toList(),
                        breakGlass.map(GateExplainCommand::envelope),
                        clusters.map(GateExplainCommand::facts).orElse(List.of()),
                        actor,
                        Optional.empty(),
                        Time.system().now(),
                        Optional.empty());
        return switch (question.ask()) {
            case GateQuestion.Answer.NoPlan(List<String> reasons) -> {
                console.result(
                        reasons.stream().map(r -> "REFUSED " + r).collect(Collectors.joining("\n")),
                        () -> Map.of("schemaVersion", 1, "allowed", false, "noPlan", reasons));
                yield ErrorCode.REFUSED.exitCode();
            }
            case GateQuestion.Answer.Judged judged -> print(judged.verdict());
        };
    }

    private int print(GateVerdict verdict) {
        if (console.isJson()) {
            console.resultJson(verdict.json());
        } else {
            console.line(verdict.text());
        }
        return verdict.isAllowed() ? 0 : ErrorCode.REFUSED.exitCode();
    }

    private static Envelope envelope(Path file) {
        return Envelope.parse(Disk.readText(file));
    }

    private static List<ClusterFacts> facts(Path file) {
        return StrictJson.read("cluster facts", Disk.readText(file), Clusters.class).clusters();
    }

    record Clusters(List<ClusterFacts> clusters) {}
}
