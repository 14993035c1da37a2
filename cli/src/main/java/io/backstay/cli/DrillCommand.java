package io.backstay.cli;

import io.backstay.cli.drill.ClaimBook;
import io.backstay.cli.drill.DrillEntry;
import io.backstay.cli.drill.Talk;
import io.backstay.doors.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "drill",
        description =
                "Play the outage of 2014, and its prevention, on real servers of this machine.",
        footer = {
            "",
            "Five acts: 1 before, 2 the bad change, 3 the good change, 4 the unthinkable, 5 the proof.",
            "Starts MariaDB servers on loopback addresses 127.77.0.0 to 127.79.255.255, touches one folder, and leaves",
            "no server behind. What it claims is measured in this very run, and shown in report.html.",
            "",
            "Exit codes: 0 every claim holds, 1 one failed, 2 it cannot be played here, 3 the gate or a guard",
            "refused what should pass, 4 some claims are not covered,",
            "5 frozen or in doubt, a person is needed."
        })
final class DrillCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Folder of the drill. Default: .backstay/drill")
    private Path folder = Path.of(".backstay", "drill");

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Rows of mock data a cluster. Default: ${DEFAULT-VALUE}")
    private int rows = 200_000;

    @Option(
            names = "--clusters",
            paramLabel = "N",
            description = "Clusters, 1 to 9. Default: ${DEFAULT-VALUE}")
    private int clusters = 3;

    @Option(
            names = "--row-events",
            paramLabel = "N",
            description =
                    "Row events in act 4's log. Default: 300000, or 1.5 a row where --rows is smaller than 200000.")
    private @Nullable Integer rowEvents;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of mock data and load. Default: ${DEFAULT-VALUE}")
    private long seed = 42;

    @Option(
            names = "--act",
            paramLabel = "N",
            split = ",",
            description = "Play these acts only: --act 1,4. Acts 2 to 5 need act 1.")
    private List<Integer> acts = new ArrayList<>();

    @Option(
            names = "--bug",
            paramLabel = "NAME",
            split = ",",
            description = "Buggy script that act 2 plays, or all. Default: ${DEFAULT-VALUE}")
    private List<String> bugs = new ArrayList<>(List.of("pipe"));

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port on each of the drill's addresses. Default: ${DEFAULT-VALUE}")
    private int port = 13306;

    @Option(
            names = "--keep",
            description = "Leave the fleet running at the end, and say how to connect.")
    private boolean isKept;

    @Option(
            names = "--resume",
            description = "Go on with a drill that was killed, in the same folder.")
    private boolean isResumed;

    @Override
    public Integer call() throws Exception {
        var entry =
                new DrillEntry(
                        folder,
                        rows,
                        clusters,
                        seed,
                        rowEvents,
                        acts,
                        bugs,
                        port,
                        isKept,
                        isResumed,
                        new ConsoleTalk(console));
        console.say(entry.needs());
        DrillEntry.End end = play(entry);
        table(end);
        if (console.isJson()) {
            console.resultJson(JsonDocument.write(document(end)));
        }
        return end.exitCode();
    }

    /// A drill that is stopped says first what had been shown by then.
    private DrillEntry.End play(DrillEntry entry) throws Exception {
        try {
            return entry.play();
        } catch (Problem e) {
            claims(entry.claimsSoFar());
            entry.reportSoFar().ifPresent(report -> console.line("report: " + report));
            throw e;
        }
    }

    private void claims(List<ClaimBook.Claim> claims) {
        for (ClaimBook.Claim claim : claims) {
            console.line(
                    "%s  %-26s %s".formatted(word(claim.outcome()), claim.id(), claim.claim()));
            console.line(
                    "            %s %s".formatted(claim.measured(), claim.unit()).stripTrailing());
        }
    }

    private void table(DrillEntry.End end) {
        console.line("");
        claims(end.claims());
        console.line("");
        console.line("report: " + end.report());
        end.howToConnect().forEach(console::line);
    }

    private String word(ClaimBook.Outcome outcome) {
        return switch (outcome) {
            case PASSED -> console.styled(Console.Style.GOOD, "passed     ");
            case FAILED -> console.styled(Console.Style.BAD, "FAILED     ");
            case NOT_COVERED -> console.styled(Console.Style.CARE, "not covered");
        };
    }

    private static Map<String, Object> document(DrillEntry.End end) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put(
                "claims",
                end.claims().stream()
                        .map(
                                claim -> {
                                    var one = new LinkedHashMap<String, Object>();
                                    one.put("id", claim.id());
                                    one.put("claim", claim.claim());
                                    one.put("measured", claim.measured());
                                    one.put("unit", claim.unit());
                                    one.put("outcome", claim.outcome().word());
                                    return one;
                                })
                        .toList());
        document.put("report", end.report().toString());
        return document;
    }

    /// Progress with the time since the start, on standard error.
    private static final class ConsoleTalk implements Talk {
        private final Console console;
        private final Instant started = Instant.now();

        ConsoleTalk(Console console) {
            this.console = console;
        }

        @Override
        public void act(int number, String title) {
            console.say("");
            console.say(
                    console.styled(
                            Console.Style.STRONG,
                            "%s  %s"
                                    .formatted(
                                            clock(),
                                            number == 0 ? title : "Act " + number + ". " + title)));
        }

        @Override
        public void step(String what) {
            console.say("%s    %s ...".formatted(clock(), what));
        }

        @Override
        public void found(String what) {
            console.say("           " + what);
        }

        private String clock() {
            Duration since = Duration.between(started, Instant.now());
            return "%2d:%02d".formatted(since.toMinutes(), since.toSecondsPart());
        }
    }
}
