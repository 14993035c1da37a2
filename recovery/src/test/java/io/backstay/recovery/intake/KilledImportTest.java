package io.backstay.recovery.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.backstay.recovery.RecoveryListener;
import io.backstay.recovery.archive.Archive;
import io.backstay.recovery.archive.ArchiveVerifier;
import io.backstay.recovery.archive.BaseDocument;
import io.backstay.recovery.archive.Expiry;
import io.backstay.recovery.archive.Retention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class KilledImportTest {
    private static final int ROWS = 60_000;
    private static final int KILLS = 5;

    @TempDir Path folder;

    @Test
    void anImportThatWasKilledAgainAndAgainEndsAsOneThatWasNot() throws Exception {
        Path dump = writeDump();
        long seed = System.nanoTime();
        var random = new Random(seed);
        Path killed = folder.resolve("killed");
        for (int i = 0; i < KILLS; i++) {
            Process run = start(killed, dump);
            // from before the first chunk to about the end
            boolean isDone = run.waitFor(300 + random.nextInt(2_000), TimeUnit.MILLISECONDS);
            if (!isDone) {
                run.destroyForcibly().waitFor();
            }
            if (Files.exists(killed.resolve("manifest.json"))) {
                Archive archive = Archive.open(killed);
                assertThat(new ArchiveVerifier(archive, p -> {}).verify().damages())
                        .as("seed " + seed)
                        .isEmpty();
                assertThat(archive.manifest().bases().size()).isLessThanOrEqualTo(1);
            }
        }
        BaseDocument ended = imported(killed, dump);
        BaseDocument whole = imported(folder.resolve("whole"), dump);
        assertThat(ended).as("seed " + seed).isEqualTo(whole);
        assertThat(ended.tables().getFirst().rows()).isEqualTo(ROWS);
        Archive archive = Archive.open(killed);
        assertThat(archive.manifest().bases()).hasSize(1);
        Files.createDirectories(killed.resolve("bases/import-left"));
        new Expiry(archive).run(new Retention.Rule(1, null), Instant.now());
        assertThat(killed.resolve("bases/import-left")).doesNotExist();
        assertThat(new ArchiveVerifier(archive, p -> {}).verify().damages()).isEmpty();
    }

    private static BaseDocument imported(Path archive, Path dump) {
        KilledImportTest.main(archive.toString(), dump.toString());
        Archive opened = Archive.open(archive);
        return opened.document(opened.manifest().bases().getLast());
    }

    /// What is killed, in a process of its own.
    public static void main(String... args) {
        Intake.run(
                new IntakeRequest(
                        Path.of(args[0]),
                        Optional.of(Path.of(args[1])),
                        Optional.empty(),
                        Optional.empty(),
                        "",
                        2),
                RecoveryListener.silent());
    }

    private static Process start(Path archive, Path dump) {
        try {
            return new ProcessBuilder(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx256m",
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    KilledImportTest.class.getName(),
                                    archive.toString(),
                                    dump.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path writeDump() throws IOException {
        var text =
                new StringBuilder(
                        """
                        -- Server version	10.11.5-MariaDB
                        -- SET GLOBAL gtid_slave_pos='0-1-5';
                        /*!40101 SET NAMES utf8mb4 */;
                        CREATE DATABASE /*!32312 IF NOT EXISTS*/ `d`;
                        USE `d`;
                        CREATE TABLE `t` (
                          `a` int(11) NOT NULL,
                          `b` text DEFAULT NULL,
                          PRIMARY KEY (`a`)
                        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
                        """);
        String filler = "it\\'s ".repeat(80);
        for (int i = 0; i < ROWS; i++) {
            text.append(i % 1_000 == 0 ? (i == 0 ? "" : ";\n") + "INSERT INTO `t` VALUES " : ",")
                    .append('(')
                    .append(i)
                    .append(",'")
                    .append(filler)
                    .append("')");
        }
        return Files.writeString(folder.resolve("dump.sql"), text.append(";\n-- Dump completed\n"));
    }
}
