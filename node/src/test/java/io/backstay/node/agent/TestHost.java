package io.backstay.node.agent;

import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.node.host.Account;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.host.HostFolders;
import io.backstay.node.host.ServerControl;
import io.backstay.node.operation.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A host that has no database server: what is tested here must not need one.
final class TestHost {
    private TestHost() {}

    /// @param folder exists; the host's own
    static DatabaseHost at(String name, Path folder) {
        return new DatabaseHost(
                name,
                "alpha",
                "127.34.9.1",
                3306,
                new HostFolders(folder),
                folder,
                new NoServer(),
                List.of(),
                new Account("repl", "not used"),
                folder);
    }

    /// Does nothing but count how often it ran, and say so.
    static final class Counter implements Operation {
        final AtomicInteger runs = new AtomicInteger();

        @Override
        public Map<String, String> run(DatabaseHost host, Map<String, String> arguments) {
            return Map.of("run", Integer.toString(runs.incrementAndGet()));
        }

        @Override
        public Set<String> parameters() {
            return Set.of();
        }
    }

    /// Fails as often as it is told, then does nothing but say so.
    static final class FailsFirst implements Operation {
        final AtomicInteger failures;

        FailsFirst(int failures) {
            this.failures = new AtomicInteger(failures);
        }

        @Override
        public Map<String, String> run(DatabaseHost host, Map<String, String> arguments) {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("too many connections");
            }
            return Map.of("run", "well");
        }

        @Override
        public Set<String> parameters() {
            return Set.of();
        }
    }

    /// Ends when something has happened.
    static final class Until implements Operation {
        private final BooleanSupplier hasHappened;

        Until(BooleanSupplier hasHappened) {
            this.hasHappened = hasHappened;
        }

        @Override
        public Map<String, String> run(DatabaseHost host, Map<String, String> arguments) {
            while (!hasHappened.getAsBoolean()) {
                LockSupport.parkNanos(10_000_000);
            }
            return Map.of();
        }

        @Override
        public Set<String> parameters() {
            return Set.of();
        }
    }

    private static final class NoServer implements ServerControl {

        @Override
        public void initialise(String version) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void start(String version) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void stop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isRunning() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String versionOf(Path dataDir) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Server connect() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerAddress address() {
            throw new UnsupportedOperationException();
        }
    }
}
