package io.backstay.recovery;

import io.backstay.doors.Disk;
import io.backstay.lab.ServerBinaries;
import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// MySQL servers of one test, each behind a socket in its own folder; all are killed and deleted on
/// close.
///
/// The binaries are those that `tests/fetch-servers .backstay/matrix` unpacks (`make matrix`).
public final class MySqlLab implements AutoCloseable {
    private static final Duration START_DEADLINE = Duration.ofMinutes(2);

    public final Path folder;
    private final List<Instance> instances = new ArrayList<>();

    public MySqlLab() {
        try {
            folder = Files.createTempDirectory("my");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path program(String name) {
        String given = System.getProperty("backstay.servers", "");
        Path servers = given.isEmpty() ? ServerBinaries.home().resolve("matrix") : Path.of(given);
        Path program = servers.resolve("mysql-9.7/bin").resolve(name);
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(
                    "there is no " + program + ": run `make matrix`, which fetches it");
        }
        return program;
    }

    /// A fresh server that runs.
    public Instance started(int id, String... options) {
        var instance = new Instance(folder.resolve("h" + id), id, List.of(options));
        instances.add(instance);
        instance.initialise();
        instance.start();
        return instance;
    }

    @Override
    public void close() {
        instances.forEach(Instance::kill);
        Disk.deleteTree(folder);
    }

    /// One data directory and the process that may serve it.
    public static final class Instance {
        private final Path folder;
        private final int id;
        private final List<String> options;
        private Process process;

        private Instance(Path folder, int id, List<String> options) {
            this.folder = Disk.folder(folder);
            this.id = id;
            this.options = options;
        }

        public ServerAddress address() {
            return ServerAddress.parse("mysql://" + socket() + "?user=root");
        }

        public Path data() {
            return folder.resolve("data");
        }

        public Path socket() {
            return folder.resolve("s");
        }

        public void run(String... statements) {
            try (Server server = Server.connect(address())) {
                for (String sql : statements) {
                    server.execute(sql);
                }
            }
        }

        private void initialise() {
            try {
                if (spawn(List.of("--initialize-insecure")).waitFor() != 0) {
                    throw new IllegalStateException(Disk.readText(folder.resolve("log")));
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        void start() {
            var command =
                    new ArrayList<>(
                            List.of(
                                    "--socket=" + socket(),
                                    "--pid-file=" + folder.resolve("pid"),
                                    "--mysqlx=0",
                                    "--server-id=" + id,
                                    "--log-bin=binlog",
                                    "--gtid-mode=ON",
                                    "--enforce-gtid-consistency=ON",
                                    "--local-infile=1",
                                    "--innodb-buffer-pool-size=64M"));
            if (options.stream().noneMatch(option -> option.startsWith("--port"))) {
                command.add("--skip-networking");
            }
            command.addAll(options);
            process = spawn(command);
            long until = System.nanoTime() + START_DEADLINE.toNanos();
            while (!answers()) {
                if (!process.isAlive() || System.nanoTime() > until) {
                    throw new IllegalStateException(Disk.readText(folder.resolve("log")));
                }
                pause();
            }
        }

        private boolean answers() {
            if (!Files.exists(socket())) {
                return false;
            }
            try (Server _ = Server.connect(address())) {
                return true;
            } catch (RuntimeException e) {
                return false;
            }
        }

        private static void pause() {
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private Process spawn(List<String> more) {
            var command =
                    new ArrayList<>(
                            List.of(
                                    program("mysqld").toString(),
                                    "--datadir=" + folder.resolve("data")));
            if (System.getProperty("user.name").equals("root")) {
                command.add("--user=root");
            }
            command.addAll(more);
            try {
                return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// SIGKILL, as a crash; returns when it is gone.
        void kill() {
            Process running = process;
            if (running == null) {
                return;
            }
            running.destroyForcibly();
            try {
                running.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
