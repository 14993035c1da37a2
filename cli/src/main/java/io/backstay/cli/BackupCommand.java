package io.backstay.cli;

import io.backstay.mysql.ServerAddress;
import io.backstay.recovery.backup.Backup;
import io.backstay.recovery.backup.BackupRequest;
import io.backstay.recovery.backup.BackupResult;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "backup",
        description =
                "Take a consistent base of a running MariaDB or MySQL server into an archive.",
        footer = {
            "",
            "Writers are held up for the moment of the snapshot only; how long is told. Reads with",
            "several sessions on one snapshot. `backstay doctor --grants backup` says what the account",
            "needs. A password: BACKSTAY_PASSWORD or ?password-file=PATH.",
            "Exit codes: 0 taken, 1 failed, 2 usage or a table that has no snapshot (named)."
        })
final class BackupCommand implements Callable<Integer> {
    @Mixin private Console console = new Console();
    @Mixin private ArchiveOption archive = new ArchiveOption();
    @Mixin private RateOption rate = new RateOption();

    @Option(
            names = "--server",
            required = true,
            paramLabel = "URL",
            converter = ServerAddressConverter.class,
            description =
                    "mysql://USER@HOST:PORT or mysql:///PATH.sock?user=USER. A source or a replica.")
    private @Nullable ServerAddress server;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Sessions that read. Default: ${DEFAULT-VALUE}.")
    private int threads = 2;

    @Override
    public Integer call() {
        Threads.require(threads);
        BackupResult result =
                Backup.run(
                        new BackupRequest(
                                archive.address(),
                                java.util.Objects.requireNonNull(server),
                                threads,
                                rate.rate),
                        new RecoveryProgress(console));
        var base = result.base();
        console.result(
                "%s: %d tables, %d rows, %.1f MB compressed, GTID %s, in %.1f s; writers held up %.1f ms (%s)"
                        .formatted(
                                base.id(),
                                base.tables(),
                                base.rows(),
                                base.bytes() / 1e6,
                                base.gtid().isEmpty() ? "(none)" : base.gtid(),
                                result.took().toMillis() / 1e3,
                                result.document().lock().heldMicros() / 1e3,
                                result.document().lock().kind()),
                () -> document(result));
        return 0;
    }

    private static Map<String, Object> document(BackupResult result) {
        var document = new LinkedHashMap<String, Object>();
        document.put("schemaVersion", 1);
        document.put("base", result.base());
        document.put("source", result.document().source());
        document.put("lock", result.document().lock());
        document.put("warnings", result.document().warnings());
        document.put("seconds", result.took().toMillis() / 1e3);
        return document;
    }
}
