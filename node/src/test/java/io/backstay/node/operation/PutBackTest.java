package io.backstay.node.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backstay.mysql.Server;
import io.backstay.mysql.ServerAddress;
import io.backstay.node.host.Account;
import io.backstay.node.host.DatabaseHost;
import io.backstay.node.host.HostFolders;
import io.backstay.node.host.Member;
import io.backstay.node.host.ServerControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of the folders; the server of this host never answers.
class PutBackTest {
    @TempDir Path folder;
    private HostFolders folders;
    private DatabaseHost host;

    @BeforeEach
    void setAside() throws IOException {
        folders = new HostFolders(folder);
        host =
                new DatabaseHost(
                        "db1",
                        "alpha",
                        "127.34.9.3",
                        3306,
                        folders,
                        folder,
                        new DeadServer(),
                        List.of(new Member("db2", "127.34.9.4", 3306)),
                        new Account("repl", "not used"),
                        folder);
        Files.createDirectories(folders.aside());
        Files.writeString(folders.aside().resolve("ibdata1"), "old");
        folders.markNew();
        Files.createDirectories(folders.data());
        Files.writeString(folders.data().resolve("ibdata1"), "new");
        folders.markInitialised();
    }

    @Test
    void aDirectoryWhoseServerNeverAnsweredIsNoneThatAStepMustDrop() {
        putBack();

        assertThat(folders.discarded()).isEmpty();
        assertThat(folder.resolve("data.unserved-1").resolve("ibdata1")).hasContent("new");
        assertThat(folders.data().resolve("ibdata1")).hasContent("old");
        assertThat(folders.isMarkedNew()).isFalse();
    }

    @Test
    void aDirectoryWhoseServerHasAnsweredIsDroppedByAGuardedStepOnly() {
        folders.markServed();

        putBack();

        assertThat(folders.discarded()).containsExactly(folder.resolve("data.discarded-1"));
    }

    @Test
    void aCopyWhoseDestroyingWasBegunIsNoWayBack() throws IOException {
        Files.writeString(folders.aside().resolve("backstay-destroying"), "");

        assertThatThrownBy(() -> new PutBack().run(host, Map.of("source", "db2")))
                .hasMessageStartingWith(
                        "cannot put %s back: expected a whole copy, found one whose destroying was begun"
                                .formatted(folders.aside()));
        assertThat(folders.data().resolve("ibdata1")).hasContent("new");
    }

    private void putBack() {
        assertThatThrownBy(() -> new PutBack().run(host, Map.of("source", "db2")))
                .as("after the folders have their names, the server is started")
                .hasMessage("no server here");
    }

    private static final class DeadServer implements ServerControl {

        @Override
        public void initialise(String version) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void start(String version) {
            throw new IllegalStateException("no server here");
        }

        @Override
        public void stop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isRunning() {
            return false;
        }

        @Override
        public String versionOf(Path dataDir) {
            return "10.11.5";
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
