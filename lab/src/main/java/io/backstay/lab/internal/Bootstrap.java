package io.backstay.lab.internal;

import io.backstay.doors.Disk;
import io.backstay.doors.ErrorCode;
import io.backstay.doors.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Fills an empty data directory with the system tables and the lab's accounts.
///
/// The server itself runs the statements it ships in `share/*.sql`, one a line or with its own
/// delimiter, from its standard input (`--bootstrap`); about half a second. Passwords go the same
/// way and so never through an argument list or a binary log.
public final class Bootstrap {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private Bootstrap() {}

    /// @param log takes what the server says
    public static void run(List<String> command, Path share, String accounts, Path log) {
        StringBuilder sql = new StringBuilder("create database if not exists mysql;\nuse mysql;\n");
        for (String name :
                List.of("system_tables.sql", "performance_tables.sql", "system_tables_data.sql")) {
            sql.append(Disk.readText(shipped(share, name))).append('\n');
        }
        sql.append(Disk.readText(share.resolve("maria_add_gis_sp_bootstrap.sql"))).append('\n');
        sql.append(accounts);
        feed(command, sql.toString(), log);
    }

    /// Named `mysql_...` up to 10.11 and `mariadb_...` since.
    private static Path shipped(Path share, String name) {
        Path file = share.resolve("mariadb_" + name);
        return Files.exists(file) ? file : share.resolve("mysql_" + name);
    }

    private static void feed(List<String> command, String sql, Path log) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            String broken = "";
            try (OutputStream in = process.getOutputStream()) {
                in.write(sql.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                broken = "it stopped reading: " + e.getMessage();
            }
            boolean ended = process.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            if (!ended || process.exitValue() != 0 || !broken.isEmpty() || hasError(log)) {
                throw new Problem(
                        ErrorCode.ENVIRONMENT,
                        "cannot initialise a data directory: %s\n%s"
                                .formatted(
                                        ended
                                                ? "exit code " + process.exitValue()
                                                : "not done after " + DEADLINE.toSeconds() + " s",
                                        LogTail.of(log, 0)),
                        "The whole log: " + log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while initialising a server", e);
        }
    }

    /// A bootstrap that met a wrong statement has said so; its exit code alone is not trusted.
    private static boolean hasError(Path log) {
        return Disk.readText(log).lines().anyMatch(line -> line.startsWith("ERROR"));
    }
}
