package io.backstay.cli;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import io.backstay.ledger.ChainReport;
import io.backstay.ledger.LedgerHead;
import io.backstay.ledger.LedgerVerifier;
import io.backstay.ledger.seal.TrustedKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = "Prove that nothing in a ledger was changed, reordered or cut.",
        footer =
                "%nExit codes: 0 proven, 1 tampered with, 2 not a ledger, 4 intact but a chain has no"
                        + " mirrored head to hold it against.")
final class LedgerVerifyCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();

    @Parameters(paramLabel = "FOLDER", description = "Folder with one chain a writer.")
    private Path folder = Path.of("");

    @Option(
            names = "--keys",
            paramLabel = "FOLDER",
            description =
                    "Folder of the public keys that are trusted, OWNER.pub each. Default: `keys/public`"
                            + " beside the ledger's folder, or `keys` where that is missing.")
    private Optional<Path> keys = Optional.empty();

    @Option(
            names = "--head",
            paramLabel = "FILE",
            description =
                    "File of heads kept elsewhere, one a line, as `ledger show --heads` prints"
                            + " them. May be given more than once.")
    private List<Path> heads = List.of();

    @Override
    public Integer call() {
        Path keysFolder = keysFolder();
        TrustedKeys trusted = TrustedKeys.load(keysFolder);
        List<LedgerHead> mirrors = new ArrayList<>();
        for (Path file : heads) {
            Disk.readText(file)
                    .lines()
                    .filter(l -> !l.isBlank())
                    .map(LedgerHead::parse)
                    .forEach(mirrors::add);
        }
        List<ChainReport> reports = LedgerVerifier.verify(folder, trusted, mirrors);
        if (reports.isEmpty()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot verify %s: expected WRITER.jsonl files, found none".formatted(folder),
                    "Name the folder that holds the chains.");
        }
        if (trusted.all().isEmpty()) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot verify without trusted keys: expected OWNER.pub files in %s, found none"
                            .formatted(keysFolder),
                    "Name the folder of public keys: --keys FOLDER.");
        }
        int exit = exit(reports);
        console.result(
                reports.stream().map(LedgerVerifyCommand::line).collect(Collectors.joining("\n")),
                () -> document(reports, exit));
        return exit;
    }

    private Path keysFolder() {
        Path found = keys.orElseGet(this::keysBeside);
        if (!Files.isDirectory(found)) {
            throw new Problem(
                    ErrorCode.USAGE,
                    "cannot verify without trusted keys: %s is not a folder".formatted(found),
                    "Name the folder of public keys: --keys FOLDER.");
        }
        return found;
    }

    private Path keysBeside() {
        Path beside = folder.toAbsolutePath().normalize().resolveSibling("keys");
        Path publicOnes = beside.resolve("public");
        return Files.isDirectory(publicOnes) ? publicOnes : beside;
    }

    private static int exit(List<ChainReport> reports) {
        int exit = 0;
        for (ChainReport report : reports) {
            switch (report) {
                case ChainReport.Broken _ -> {
                    return ErrorCode.FAILED.exitCode();
                }
                case ChainReport.Intact intact ->
                        exit = intact.mirrors() == 0 ? ErrorCode.UNPROVEN.exitCode() : exit;
            }
        }
        return exit;
    }

    private static String line(ChainReport report) {
        return switch (report) {
            case ChainReport.Intact(String writer, long lines, int mirrors, String head) ->
                    "%s: lines 1..%d chain ok, head %s, %s"
                            .formatted(
                                    writer,
                                    lines,
                                    head.substring(0, 12),
                                    mirrors == 0
                                            ? "no mirrored head: a cut end would not be seen"
                                            : "matches %d of %d mirrored heads"
                                                    .formatted(mirrors, mirrors));
            case ChainReport.Broken(
                            String writer,
                            long line,
                            ChainReport.Damage damage,
                            String detail) ->
                    "%s: BROKEN at line %d: %s: %s".formatted(writer, line, word(damage), detail);
        };
    }

    private static String word(ChainReport.Damage damage) {
        return damage.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Map<String, Object> document(List<ChainReport> reports, int exit) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("schemaVersion", 1);
        document.put(
                "chains",
                reports.stream()
                        .map(
                                report ->
                                        switch (report) {
                                            case ChainReport.Intact i ->
                                                    Map.of(
                                                            "writer",
                                                            i.writer(),
                                                            "result",
                                                            "intact",
                                                            "lines",
                                                            i.lines(),
                                                            "mirrors",
                                                            i.mirrors(),
                                                            "head",
                                                            i.head());
                                            case ChainReport.Broken b ->
                                                    Map.of(
                                                            "writer",
                                                            b.writer(),
                                                            "result",
                                                            "broken",
                                                            "line",
                                                            b.line(),
                                                            "damage",
                                                            word(b.damage()),
                                                            "detail",
                                                            b.detail());
                                        })
                        .toList());
        document.put("exit", exit);
        return document;
    }
}
