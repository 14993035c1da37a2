package io.backstay.cli;

import io.backstay.ledger.LedgerEntry;
import io.backstay.ledger.LedgerHead;
import io.backstay.ledger.LedgerReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
        name = "show",
        description = {
            "Print what was written down, all chains in one timeline.",
            "Only the order within a chain is proven; between chains it is that of their clocks."
        },
        footer = "%nExit codes: 0 printed, 2 not a ledger, 5 a chain is damaged.")
final class LedgerShowCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Parameters(paramLabel = "FOLDER", description = "Folder with one chain a writer.")
    private Path folder = Path.of("");

    @Option(names = "--writer", paramLabel = "NAME", description = "Only this writer's chain.")
    private Optional<String> writer = Optional.empty();

    @Option(
            names = "--heads",
            description = "Only the head of each chain, to be kept elsewhere for `ledger verify`.")
    private boolean isHeadsWanted;

    @Override
    public Integer call() {
        if (isHeadsWanted) {
            List<String> heads =
                    LedgerReader.heads(folder).stream()
                            .filter(head -> writer.map(head.writer()::equals).orElse(true))
                            .map(LedgerHead::line)
                            .toList();
            console.result(
                    String.join("\n", heads), () -> Map.of("schemaVersion", 1, "heads", heads));
        } else {
            List<LedgerEntry> entries =
                    LedgerReader.readAll(folder).stream()
                            .filter(e -> writer.map(e.writer()::equals).orElse(true))
                            .toList();
            console.result(
                    entries.stream().map(LedgerShowCommand::line).collect(Collectors.joining("\n")),
                    () ->
                            Map.of(
                                    "schemaVersion",
                                    1,
                                    "entries",
                                    entries.stream().map(LedgerShowCommand::row).toList()));
        }
        return 0;
    }

    private static String line(LedgerEntry entry) {
        return "%s  %s %d  %-22s %-10s %s  %s"
                .formatted(
                        entry.time(),
                        entry.writer(),
                        entry.seq(),
                        entry.type(),
                        entry.host().isEmpty() ? "-" : entry.host(),
                        entry.actor(),
                        entry.body());
    }

    private static Map<String, Object> row(LedgerEntry entry) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("writer", entry.writer());
        row.put("seq", entry.seq());
        row.put("time", entry.time().toString());
        row.put("actor", entry.actor());
        row.put("host", entry.host());
        row.put("type", entry.type());
        row.put("change", entry.change());
        row.put("body", entry.body());
        row.put("hash", entry.hash());
        return row;
    }
}
